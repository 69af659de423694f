-- Question: Which numbers of the policy are looser than the law or the regulator, who says so where, and who justifies it?
-- Grain: a reference and, where it is measured, a place; what is to be justified comes first, then the order of the policy.
SELECT
    v.reference, v.promise, v.compared, v.place, v.site, v.value, v.unit, v.at_least, v.at_most, v.finding, v.standing,
    r.authority, r.title, r.article, r.dated_on, r.url, r.says_fr, r.says_en,
    v.stated_by, v.stated_on, v.valid_until_on, v.lapsed_on
FROM verdict.reference AS v
JOIN register.reference AS r USING (reference)
ORDER BY array_position(['to_justify', 'justified', 'not_compared', 'within'], v.standing), v.position, v.place
