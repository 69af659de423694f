"""The published text beside the reviewed one: what counts as the same, what as changed, and what lies only around it."""

import hashlib
import html

import pytest

from pipelines.register import policy as register
from pipelines.register.published import compare, lines_of_page, lines_of_text

# A text of our own, and the register that was made of it: heading or paragraph, and the promise that rests on it.
REVIEWED = [
    ("h", "Règles du jardin", None),
    ("p", "Le jardin ouvre à huit heures & ferme à la nuit.", "garden.hours"),
    ("h", "Arrosage", None),
    ("p", "On arrose le soir.", "garden.water"),
    ("p", "L’eau vient du puits.", "garden.water"),
    ("p", "Nul n’arrose à midi.", "garden.noon"),
    ("h", "Récolte", None),
    ("p", "Chacun cueille pour lui.", "garden.harvest"),
    ("p", "Le reste est partagé.", "garden.share"),
]
TEXTS = [text for _, text, _ in REVIEWED]
PROMISES = ("garden.hours", "garden.water", "garden.noon", "garden.harvest", "garden.share")


@pytest.fixture(scope="module")
def garden(tmp_path_factory):
    def marks(kind):
        return [register.fingerprint(text) for k, text, _ in REVIEWED if k == kind]

    head = (f'[policy]\nname = "Jardin"\nproduct = "p"\ncontroller = "c"\nfingerprint = "f"\nparagraphs = {marks("p")}\n'
            f'headings = {marks("h")}\noutline = "{"".join(k for k, _, _ in REVIEWED)}"\n[period]\nalsace_moselle = false\n'
            '[parameters.completeness_months]\nvalue = 3\nunit = "months"\nreading = "ours"\nwhy_fr = "x"\nwhy_en = "x"\n'
            '[[section]]\nfr = "Jardin"\nen = "Garden"\nacts_fr = "x"\nacts_en = "x"\n')
    promises = "".join(
        f'[[promise]]\nid = "{name}"\nsection = "Jardin"\nkind = "constraint"\nsummary_fr = "x"\nsummary_en = "x"\n'
        f"fingerprints = {[register.fingerprint(text) for _, text, promise in REVIEWED if promise == name]}\n"
        for name in PROMISES)
    rule = ('[[rule]]\npromise = "garden.hours"\nkind = "constraint"\nneeds = ["accounts"]\nreview_months = 12\n'
            'cure_fr = "x"\ncure_en = "x"\n[[closing]]\nword = "removed"\noutcome = "closes"\nfr = "x"\nen = "x"\n')
    folder = tmp_path_factory.mktemp("garden")
    (folder / "rules").mkdir()
    (folder / "rules" / "garden.hours.sql").write_text("SELECT 1")
    (folder / "policy.toml").write_text(head.replace("'", '"') + promises.replace("'", '"') + rule, encoding="utf-8")
    return register.load(folder / "policy.toml")


def element(kind, text):
    return f"<h2>{html.escape(text)}</h2>" if kind == "h" else f"<p>{html.escape(text)}</p>"


def page(blocks=None, before="", after=""):
    """A page as sites make them: a menu that repeats the headings, the text in a container, a footer."""
    menu = "".join(f"<li><a href='#'>{text}</a>" for kind, text, _ in REVIEWED if kind == "h")
    body = "\n".join(blocks or [element(kind, text) for kind, text, _ in REVIEWED])
    return (f"<!doctype html><html><head><title>Arrosage</title><style>p {{}}</style></head><body><nav><ul>{menu}</ul></nav>"
            f"<main>{before}<div class=text>{body}</div>{after}</main><footer><p>Mentions, Récolte</p></footer>"
            "<script>document.write('<p>Le jardin</p>')</script></body></html>")


def told(lines, policy):
    """(what, kind and number or the paragraph it comes after) of every difference."""
    return [(one.what, f"{'heading' if one.block.is_heading else 'paragraph'} {one.block.number}" if one.block
             else f"after {one.after}") for one in compare(lines, policy).differences]


def of_text(texts):
    return lines_of_text("\n\n".join(texts))


def of_blocks(*blocks):
    return lines_of_page(page(list(blocks)))


def test_the_reviewed_text_itself_is_unchanged(garden):
    compared = compare(of_text(TEXTS), garden)
    assert compared.differences == ()
    assert (compared.unchanged, compared.beside) == (6, 0)
    assert compared.marks == tuple(block.fingerprint for block in garden.blocks)


def test_a_page_with_a_menu_and_a_footer_is_unchanged(garden):
    compared = compare(lines_of_page(page()), garden)
    assert (compared.unchanged, compared.differences) == (6, ())
    assert compared.beside == 4


@pytest.mark.parametrize("written", [
    "<p>On arrose le soir.</p>",
    "<p>On&nbsp;arrose\n      le <b>so</b>ir.</p>",
    "<p>On arrose le soir.",
    "<div><span>On <a href='x'>arrose</a></span> le soir.</div>",
    "<ul><li><p>On arrose le soir.</p></li></ul>",
    "<ul><li>•&#160;On arrose le soir.</ul>",
    "<ol><li><ul><li>On arrose <em>le soir</em>.</li></ul></li></ol>",
    "<p>On arrose<br>le soir.</p>",
    "<p>On ar&shy;rose le&#8203; soir.</p>",
    "<table><tr><td>On arrose le soir.</table>",
    "<p>On arrose le soir.<!-- vraiment --></p>",
    "<pre>On arrose\nle soir.</pre>",
    "<p><span style='display: none'>Jamais.</span>On arrose le soir.</p>",
    "<template><p>Autre chose.</p></template><p>On arrose le soir.</p>",
    "<p hidden>Autre chose.<p>On arrose le soir.",
    "<custom-text>On arrose le soir.</custom-text>",
])
def test_the_same_paragraph_however_the_page_writes_it(garden, written):
    blocks = [f"<p>{html.escape(text)}</p>" for text in TEXTS]
    blocks[3] = written
    assert told(lines_of_page(page(blocks)), garden) == []


@pytest.mark.parametrize("written", [
    "On  arrose\tle soir.", "• On arrose le soir.", "  * On arrose le soir.", "- On arrose\n  le soir.",
    "On arrose\nle\nsoir.", "On\u00a0arrose le soir.\r",
])
def test_the_same_paragraph_however_the_text_writes_it(garden, written):
    assert told(of_text([*TEXTS[:3], written, *TEXTS[4:]]), garden) == []


def test_lines_that_no_blank_line_parts_are_paragraphs_of_their_own(garden):
    assert told(lines_of_text("\n".join(TEXTS)), garden) == []


def test_letters_that_are_composed_otherwise_are_the_same_letters(garden):
    import unicodedata

    assert told(of_text([unicodedata.normalize("NFD", text) for text in TEXTS]), garden) == []


def test_another_word_is_another_paragraph_and_names_what_rests_on_it(garden):
    texts = [text.replace("à midi", "à l’aube") for text in TEXTS]
    compared = compare(of_text(texts), garden)
    assert told(of_text(texts), garden) == [("changed", "paragraph 4")]
    assert compared.promises == ("garden.noon",)
    assert compared.differences[0].fingerprint == hashlib.sha256("Nul n’arrose à l’aube.".encode()).hexdigest()
    assert compared.unchanged == 5


def test_a_paragraph_that_is_gone_is_missing(garden):
    compared = compare(of_text([text for text in TEXTS if "puits" not in text]), garden)
    assert [(one.what, one.block.number) for one in compared.differences] == [("missing", 3)]
    assert compared.promises == ("garden.water",)


def test_a_new_paragraph_is_added_after_the_one_before_it_and_its_section_is_to_be_reviewed(garden):
    texts = [*TEXTS[:5], "Sauf en juin.", *TEXTS[5:]]
    compared = compare(of_text(texts), garden)
    assert told(of_text(texts), garden) == [("added", "after 3")]
    assert compared.promises == ("garden.water", "garden.noon")


def test_a_paragraph_at_another_place_is_moved(garden):
    texts = [text for text in TEXTS if "puits" not in text]
    assert told(of_text([*texts, TEXTS[4]]), garden) == [("moved", "paragraph 3")]


def test_a_heading_that_changed_puts_its_paragraphs_to_review(garden):
    texts = [text.replace("Récolte", "Cueillette") for text in TEXTS]
    compared = compare(of_text(texts), garden)
    assert told(of_text(texts), garden) == [("changed", "heading 3")]
    assert compared.promises == ("garden.harvest", "garden.share")


def test_what_is_changed_and_what_is_missing_are_told_apart_by_number(garden):
    """Two paragraphs gone and one there: the first is changed, the second missing. Both are to be reviewed."""
    texts = [*TEXTS[:3], "On arrose quand il fait sec.", *TEXTS[5:]]
    assert told(of_text(texts), garden) == [("changed", "paragraph 2"), ("missing", "paragraph 3")]


def test_a_new_heading_is_not_taken_for_the_paragraph_that_is_gone(garden):
    blocks = [f"<p>{html.escape(text)}</p>" for text in TEXTS if "puits" not in text]
    blocks.insert(4, "<h3>Le puits</h3>")
    assert told(of_blocks(*blocks), garden) == [("missing", "paragraph 3"), ("added", "after 2")]


def test_a_section_appended_at_the_end_of_the_page_is_added(garden):
    blocks = [element(kind, text) for kind, text, _ in REVIEWED]
    found = told(of_blocks(*blocks, "<h3>Chats</h3>", "<p>Les chats entrent librement.</p>"), garden)
    assert found == [("added", "after 6"), ("added", "after 6")]


def test_a_sentence_appended_to_a_plain_text_is_added(garden):
    assert told(of_text([*TEXTS, "Les chats entrent librement."]), garden) == [("added", "after 6")]


def test_what_lies_around_the_text_is_not_added(garden):
    around = page(before="<header><p>Bienvenue</p></header><ul><li><a>Arrosage</a><li>Récolte</ul>",
                  after="<aside><p>Lisez aussi</p></aside><form><p>Votre avis</p></form><div><a>Haut</a></div>")
    assert told(lines_of_page(around), garden) == []


def test_a_page_without_any_container_is_compared_all_the_same(garden):
    body = "".join(f"<p>{html.escape(text)}</p>" for text in TEXTS)
    flat = f"<div><a>Menu</a></div>{body}<div>Pied</div>"
    assert told(lines_of_page(flat), garden) == []
    assert told(lines_of_page(flat.replace("On arrose", "On inonde")), garden) == [("changed", "paragraph 2")]


def test_the_first_and_the_last_paragraph_are_noticed_too(garden):
    for gone in (TEXTS[1], TEXTS[-1]):
        blocks = [element(kind, text) for kind, text, _ in REVIEWED if text != gone]
        [difference] = compare(of_blocks(*blocks), garden).differences
        assert difference.what == "missing"
        blocks = ["<p>Autrement.</p>" if text == gone else element("p", text) for _, text, _ in REVIEWED]
        [difference] = compare(of_blocks(*blocks), garden).differences
        assert (difference.what, difference.block.number) == ("changed", 1 if gone == TEXTS[1] else 6)


def test_another_text_is_not_found(garden):
    compared = compare(of_text(["Tout autre chose.", "Récolte"]), garden)
    assert not compared.is_found
    assert not compare([], garden).is_found


def test_the_order_of_the_register_is_that_of_the_outline(garden):
    assert [(block.is_heading, block.number) for block in garden.blocks] == [
        (True, 1), (False, 1), (True, 2), (False, 2), (False, 3), (False, 4), (True, 3), (False, 5), (False, 6)]
