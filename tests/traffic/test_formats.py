"""Formats of logs, each with a line of it: what is read of it, or why it is set aside; and what is no format."""

import http.client
import shutil
import socket
import subprocess
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from reading import GOOD, SECOND, TIME, TLS, Desk, assert_every_line_is_accounted, combined

from pipelines.collect.traffic.formats import FormatError, beginning, compiled, recorded
from pipelines.collect.traffic.reader import Bounds


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("logs"))
    yield desk
    desk.close()


ISO = "2026-01-31T13:55:36+01:00"
SEEN = {"address": "192.0.2.1", "first_second": SECOND, "class": 2, "bytes": 5}
WHOLE = SEEN | {"first_referrer": "https://example.org/", "agent": "Mozilla/5.0 (X11)"}
AGENT = '"https://example.org/" "Mozilla/5.0 (X11)"'
# How a plain request was answered is told only where the log tells plain from encrypted.
SCHEME = '$remote_addr - - [$time_local] "$request" $status $body_bytes_sent $scheme'
NGINX_MAIN = """'$remote_addr - $remote_user [$time_local] "$request" '
                '$status $body_bytes_sent "$http_referer" '
                '"$http_user_agent" "$http_x_forwarded_for"'"""
NGINX_TLS = ('$remote_addr [$time_local] $host "${request}" $status $bytes_sent $request_time "$http_referer" '
             '"$http_user_agent" $scheme $ssl_protocol $ssl_cipher')
NGINX_JSON = """escape=json '{"when":"$time_iso8601","who":"$remote_addr","http":{"status":$status,'
                '"bytes":$body_bytes_sent},"from":"$http_referer","agent":"$http_user_agent","tls":"$ssl_protocol"}'"""
NGINX_KEYS = ('{"remote_addr":"192.0.2.1","time_local":"' + TIME + '","status":"200","body_bytes_sent":"5",'
              '"http_referer":"https://example.org/","http_user_agent":"Mozilla/5.0 (X11)","host":"a.example"}')
OUR_KEYS = ('{"address":"192.0.2.1","time":%s,"status":200,"bytes":5,"referrer":"https://example.org/",'
            '"agent":"Mozilla/5.0 (X11)","protocol":"TLSv1.3","cipher":"TLS_AES_128_GCM_SHA256","key_bits":128}')
NESTED = '{"client":{"ip":"192.0.2.1"},"@time":{"iso":"%s"},"http":{"response":{"code":200,"bytes":5}}}'
NESTED_FIELDS = {"address": "client.ip", "time": "@time.iso", "status": "http.response.code", "bytes": "http.response.bytes"}

RECORDED = {
    "combined": ("combined", {}, "address agent bytes referrer request status time user"),
    "vhost_combined": ("vhost_combined", {}, "address agent bytes host port referrer request status time user"),
    "nginx, with what it should not": ('$remote_addr [$time_local] $status "$http_cookie" $request_time', {},
                                       "address duration http_cookie status time"),
    "Apache, with what it should not": ('%a %t %s "%{Cookie}i" %{%s}t', {}, "address status time {cookie}i"),
    "a variable that fields names": ("$remote_addr [$time_local] $status $http_x_account", {"account": "$http_x_account"},
                                     "account address status time"),
    "JSON that nginx writes": (NGINX_JSON, {}, "address agent bytes protocol referrer status time"),
    "JSON that nobody spelled": ("json", {}, "any JSON key"),
}


@pytest.mark.parametrize(("form", "chosen", "words"), RECORDED.values(), ids=RECORDED)
def test_what_a_format_records_is_told_whether_it_is_read_or_not(form, chosen, words):
    assert recorded(form, chosen) == ((words,) if form == "json" else tuple(words.split()))


READ = {
    "common": ("common", {}, f'192.0.2.1 - - [{TIME}] "GET / HTTP/1.1" 200 5', SEEN),
    "combined": ("combined", {}, f'192.0.2.1 - - [{TIME}] "GET / HTTP/1.1" 200 5 {AGENT}', WHOLE),
    "a user with blanks and brackets": ("combined", {}, f'192.0.2.1 - a [b] c [{TIME}] "GET /" 200 5 {AGENT}', WHOLE),
    "another zone": ("combined", {}, f'192.0.2.1 - - [31/Jan/2026:05:25:36 -0730] "GET /" 200 5 {AGENT}', WHOLE),
    "IPv6": ("combined", {}, f'2001:db8::7 - - [{TIME}] "GET /" 200 5 {AGENT}', WHOLE | {"address": "2001:db8::7"}),
    "no bytes": ("combined", {}, f'192.0.2.1 - - [{TIME}] "GET /" 304 - {AGENT}', WHOLE | {"class": 3, "bytes": 0}),
    "no status": ("combined", {}, f'192.0.2.1 - - [{TIME}] "GET /" - 5 {AGENT}', WHOLE | {"class": 0}),
    "nginx without an answer": ("combined", {}, f'192.0.2.1 - - [{TIME}] "GET /" 000 5 {AGENT}', WHOLE | {"class": 0}),
    "HTTP/0.9": ("combined", {}, f'192.0.2.1 - - [{TIME}] "GET /" 009 5 {AGENT}', WHOLE | {"class": 0}),
    "no request": ("combined", {}, f'192.0.2.1 - - [{TIME}] "" 400 5 "-" "-"',
                   SEEN | {"class": 4, "first_referrer": "-", "agent": "-"}),
    "a TLS hello on a plain port": ("combined", {}, rf'192.0.2.1 - - [{TIME}] "\x16\x03\x01\x02" 400 5 "-" "-"',
                                    SEEN | {"class": 4}),
    "quotes as Apache escapes them": ("combined", {}, rf'192.0.2.1 - - [{TIME}] "GET /\"x\"" 200 5 "-" "a \"b\" c\\"',
                                      SEEN | {"agent": r"a \"b\" c\\"}),
    "quotes as nginx escapes them": ("combined", {}, rf'192.0.2.1 - - [{TIME}] "GET /\x22x" 200 5 "-" "a \x22b\x22"',
                                     SEEN | {"agent": r"a \x22b\x22"}),
    "an address behind a word that names our columns": (
        "head=$host $remote_addr [$time_local] \"$request\" $status $bytes_sent", {},
        f'head=a.example 192.0.2.1 [{TIME}] "GET /" 200 5', SEEN | {"host": "a.example"}),
    "vhost_combined": ("vhost_combined", {}, f'a.example:443 192.0.2.1 - - [{TIME}] "GET /" 200 5 {AGENT}',
                       WHOLE | {"host": "a.example"}),
    "a virtual host by its IPv6": ("vhost_combined", {}, f'[2001:db8::1]:443 192.0.2.1 - - [{TIME}] "GET /" 200 5 {AGENT}',
                                   WHOLE | {"host": "[2001:db8::1]"}),
    "a redirect without a body": (SCHEME, {}, f'192.0.2.1 - - [{TIME}] "GET /" 301 0 http',
                                  SEEN | {"class": 3, "bytes": 0, "answer": "redirect"}),
    "the same as Apache writes it": (SCHEME, {}, f'192.0.2.1 - - [{TIME}] "GET /" 308 - http',
                                     SEEN | {"class": 3, "bytes": 0, "answer": "redirect"}),
    "a redirect with a body": (SCHEME, {}, f'192.0.2.1 - - [{TIME}] "GET /" 301 5 http',
                               SEEN | {"class": 3, "answer": "redirect_page"}),
    "not modified is no redirect": (SCHEME, {}, f'192.0.2.1 - - [{TIME}] "GET /" 304 0 http',
                                    SEEN | {"class": 3, "bytes": 0, "answer": ""}),
    "nginx, several parts": (NGINX_MAIN, {}, f'192.0.2.1 - - [{TIME}] "GET /" 200 5 {AGENT} "10.0.0.1, 10.0.0.2"', WHOLE),
    "nginx, the whole directive": (f"log_format main {NGINX_MAIN};", {},
                                   f'192.0.2.1 - - [{TIME}] "GET /" 200 5 {AGENT} "-"', WHOLE),
    "nginx, TLS": (NGINX_TLS, {},
                   f'192.0.2.1 [{TIME}] a.example "GET /" 200 5 0.003 {AGENT} https TLSv1.3 TLS_AES_256_GCM_SHA384',
                   WHOLE | {"host": "a.example", "scheme": "https", "protocol": "TLSv1.3",
                            "cipher": "TLS_AES_256_GCM_SHA384"}),
    "nginx, plain": (NGINX_TLS, {}, f'192.0.2.1 [{TIME}] a.example "GET /" 200 5 0.003 {AGENT} http - -',
                     WHOLE | {"scheme": "http", "protocol": "-", "cipher": "-"}),
    "nginx, account": ('$remote_addr $remote_user [$time_local] "$request" $status $body_bytes_sent "$sent_http_x_account"',
                       {"account": "$sent_http_x_account"}, f'192.0.2.1 - [{TIME}] "GET /" 200 5 "acme 1"',
                       SEEN | {"account": "acme 1"}),
    "nginx, the user is the account": ("$remote_addr - $remote_user [$time_local] $status $body_bytes_sent",
                                       {"account": "${remote_user}"}, f"192.0.2.1 - mary ann [{TIME}] 200 5",
                                       SEEN | {"account": "mary ann"}),
    "nginx behind a proxy": ('"$http_x_forwarded_for" $remote_addr [$time_local] $status $body_bytes_sent',
                             {"address": "http_x_forwarded_for"}, f'"192.0.2.1" 10.0.0.1 [{TIME}] 200 5', SEEN),
    "nginx, msec": ("$remote_addr $msec $status $body_bytes_sent", {}, f"192.0.2.1 {SECOND}.987 200 5", SEEN),
    "nginx, ISO": ("$time_iso8601|$remote_addr|$status|$body_bytes_sent", {}, f"{ISO}|192.0.2.1|200|5", SEEN),
    "nginx, tabs": (r"'$remote_addr\t$time_iso8601\t$status\t$body_bytes_sent\t$http_user_agent'", {},
                    f"192.0.2.1\t{ISO}\t200\t5\tMozilla/5.0 (X11)", SEEN | {"agent": "Mozilla/5.0 (X11)"}),
    "nginx, letters that are not ASCII": ('$remote_addr · [$time_local] · $status $body_bytes_sent', {},
                                          f"192.0.2.1 · [{TIME}] · 200 5", SEEN),
    "Apache, as in the configuration": (r'%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"', {},
                                        f'192.0.2.1 - - [{TIME}] "GET /" 200 5 {AGENT}', WHOLE),
    "Apache, the whole directive": (r'LogFormat "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-agent}i\"" combined', {},
                                    f'192.0.2.1 - - [{TIME}] "GET /" 200 5 {AGENT}', WHOLE),
    "Apache, TLS": (TLS, {}, f'192.0.2.1 - - [{TIME}] "GET /" 200 5 {AGENT} TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256',
                    WHOLE | {"protocol": "TLSv1.2", "cipher": "ECDHE-RSA-AES128-GCM-SHA256"}),
    "Apache, an agent that spells TLS": (TLS, {},
                                         rf'192.0.2.1 - - [{TIME}] "GET /" 200 5 "-" "a\" TLSv1.3 AES256" TLSv1 RC4-MD5',
                                         SEEN | {"agent": r"a\" TLSv1.3 AES256", "protocol": "TLSv1", "cipher": "RC4-MD5"}),
    "Apache, key bits": ("%a %{SSL_PROTOCOL}x %{SSL_CIPHER_USEKEYSIZE}x %t %D %s %B", {},
                         f"192.0.2.1 TLSv1.2 128 [{TIME}] 1234 200 5",
                         SEEN | {"protocol": "TLSv1.2", "key_bits": "128"}),
    "Apache, modifiers and %%": ('%h %t 100%% %!200,304{Referer}i "%400,501{User-agent}i" %>s %b', {},
                                 f'192.0.2.1 [{TIME}] 100% - "Mozilla/5.0 (X11)" 200 5',
                                 SEEN | {"agent": "Mozilla/5.0 (X11)"}),
    "Apache, a unit behind": ("%h %t %>s %b %Dus %{ms}Tms", {}, f"192.0.2.1 [{TIME}] 200 5 17us 0ms", SEEN),
    "Apache, its own time": ("%h [%{%Y-%m-%dT%H:%M:%S%z}t] %>s %b", {}, "192.0.2.1 [2026-01-31T13:55:36+0100] 200 5", SEEN),
    "Apache, short forms of time": ("%h [%{%F %T %z}t] %>s %b", {}, "192.0.2.1 [2026-01-31 13:55:36 +0100] 200 5", SEEN),
    "Apache, seconds": ("%h %{sec}t %>s %b", {}, f"192.0.2.1 {SECOND} 200 5", SEEN),
    "Apache, milliseconds": ("%h %{msec}t %>s %b", {}, f"192.0.2.1 {SECOND}999 200 5", SEEN),
    "Apache, microseconds": ("%h %{usec}t %>s %b", {}, f"192.0.2.1 {SECOND}999999 200 5", SEEN),
    "JSON as nginx spells it": (NGINX_JSON, {}, '{"when":"' + ISO + '","who":"192.0.2.1","http":{"status":200,"bytes":5},'
                                '"from":"https://example.org/","agent":"Mozilla/5.0 (X11)","tls":"TLSv1.3"}',
                                WHOLE | {"protocol": "TLSv1.3"}),
    "JSON, nginx's names": ("json", {}, NGINX_KEYS, WHOLE | {"host": "a.example"}),
    "JSON, our names": ("json", {}, OUR_KEYS % f'"{ISO}"',
                        WHOLE | {"protocol": "TLSv1.3", "cipher": "TLS_AES_128_GCM_SHA256",
                                                                      "key_bits": "128"}),
    "JSON, seconds": ("json", {}, OUR_KEYS % SECOND, WHOLE),
    "JSON, seconds with a fraction, as text": ("json", {}, OUR_KEYS % f'"{SECOND}.999"', WHOLE),
    "JSON, milliseconds": ("json", {}, OUR_KEYS % f"{SECOND}999", WHOLE),
    "JSON, UTC": ("json", {}, OUR_KEYS % '"2026-01-31T12:55:36.999Z"', WHOLE),
    "JSON, dotted keys": ("json", NESTED_FIELDS, NESTED % ISO, SEEN),
    "JSON, account": ("json", {"account": "user.team"}, '{"address":"192.0.2.1","time":1769864136,"status":200,"bytes":5,'
                      '"user":{"team":"acme"}}', SEEN | {"account": "acme"}),
    "JSON, escapes": ("json", {},
                      r'{"address":"192.0.2.1","time":1769864136,"status":200,"bytes":5,"agent":"a \"b\" \u00e9"}',
                      SEEN | {"agent": 'a "b" é'}),
}
ASIDE = {
    "no line at all": ("combined", {}, "a b c", "unreadable_line"),
    "blank": ("combined", {}, " ", "unreadable_line"),
    "a field too many": ("common", {}, f'192.0.2.1 - - [{TIME}] "GET /" 200 5 6', "unreadable_line"),
    "a field too few": ("common", {}, f'192.0.2.1 - - [{TIME}] "GET /" 200', "unreadable_line"),
    "another format": ("combined", {}, f'192.0.2.1 - - [{TIME}] "GET /" 200 5', "unreadable_line"),
    "a head of another format": ("combined", {}, f'192.0.2.1 [{TIME}] "GET /" 200 5 {AGENT}', "unreadable_line"),
    "something between quotes": ("combined", {}, f'192.0.2.1 - - [{TIME}] "GET /" 200 5 "-"x"ua"', "unreadable_line"),
    "something behind": ("combined", {}, f'192.0.2.1 - - [{TIME}] "GET /" 200 5 {AGENT} x', "unreadable_line"),
    "something before the time": ("combined", {}, f'192.0.2.1 - - [x{TIME}] "GET /" 200 5 {AGENT}', "wrong_type"),
    "cut off": ("combined", {}, f'192.0.2.1 - - [{TIME}] "GET /" 200 5 "-" "Mozi', "unreadable_line"),
    "two lines run into one": ("combined", {},
                               f'192.0.2.1 - - [{TIME}] "GET / HT198.51.100.2 - - [{TIME}] "GET /" 200 5 "-" "ua"',
                               "unreadable_line"),
    "no such day": ("combined", {}, f'192.0.2.1 - - [31/Feb/2026:13:55:36 +0100] "GET /" 200 5 {AGENT}', "wrong_type"),
    "no such month": ("combined", {}, f'192.0.2.1 - - [31/Okt/2025:13:55:36 +0100] "GET /" 200 5 {AGENT}', "wrong_type"),
    "time without zone": ("json", {}, OUR_KEYS % '"2026-01-31T13:55:36"', "wrong_type"),
    "status in another writing": ("common", {}, f'192.0.2.1 - - [{TIME}] "GET /" 2e2 5', "wrong_type"),
    "status with a sign": ("common", {}, f'192.0.2.1 - - [{TIME}] "GET /" +20 5', "wrong_type"),
    "status of two digits": ("common", {}, f'192.0.2.1 - - [{TIME}] "GET /" 20 5', "unreadable_line"),
    "status of four digits": ("common", {}, f'192.0.2.1 - - [{TIME}] "GET /" 2000 5', "unreadable_line"),
    "status below 100": ("common", {}, f'192.0.2.1 - - [{TIME}] "GET /" 099 5', "wrong_type"),
    "bytes that are none": ("common", {}, f'192.0.2.1 - - [{TIME}] "GET /" 200 5k', "wrong_type"),
    "bytes in another writing": ("common", {}, f'192.0.2.1 - - [{TIME}] "GET /" 200 1e3', "wrong_type"),
    "more bytes than any answer": ("common", {}, f'192.0.2.1 - - [{TIME}] "GET /" 200 18446744073709551615', "wrong_type"),
    "before the company": ("common", {}, '192.0.2.1 - - [31/Dec/2009:23:59:59 +0100] "GET /" 200 5', "before_company"),
    "before 1970": ("common", {}, '192.0.2.1 - - [31/Dec/1960:23:59:59 +0100] "GET /" 200 5', "before_company"),
    "after the collection": ("common", {}, '192.0.2.1 - - [01/Feb/2026:04:00:01 +0100] "GET /" 200 5', "in_future"),
    "the last year there is": ("common", {}, '192.0.2.1 - - [31/Dec/9999:23:59:59 +0100] "GET /" 200 5', "in_future"),
    "seconds that are no number": ("$remote_addr [$msec] $status", {}, "192.0.2.1 [nan] 200", "wrong_type"),
    "seconds without end": ("$remote_addr [$msec] $status", {}, "192.0.2.1 [inf] 200", "wrong_type"),
    "seconds beyond all years": ("json", {}, OUR_KEYS % "1e300", "wrong_type"),
    "seconds before 1970": ("json", {}, OUR_KEYS % "-1", "wrong_type"),
    "JSON without time": ("json", {}, '{"address":"192.0.2.1","status":200}', "wrong_type"),
    "JSON without status": ("json", {}, '{"address":"192.0.2.1","time":1769864136}', "wrong_type"),
    "JSON without address": ("json", {}, '{"time":1769864136,"status":200}', "unreadable_line"),
    "JSON cut off": ("json", {}, NGINX_KEYS[:-1], "unreadable_line"),
    "JSON list": ("json", {}, f"[{NGINX_KEYS}]", "unreadable_line"),
    "no JSON": ("json", {}, GOOD.decode().strip(), "unreadable_line"),
}


def test_the_second_of_the_tables_is_right(desk):
    assert desk.con.execute("SELECT epoch_us('2026-01-31 13:55:36+01'::TIMESTAMPTZ)").fetchone() == (SECOND * 1_000_000,)


@pytest.mark.parametrize("case", READ)
def test_what_is_read_of_a_line(desk, case):
    form, fields, line, wanted = READ[case]
    told = desk.read(line.encode() + b"\n" + b"\n", form, fields)
    assert told.refused == [("unreadable_line", "access.log", 2)]
    assert [{name: one[name] for name in wanted} for one in told.counted] == [wanted]
    quick = desk.read(line.encode() + b"\n", form, fields)
    assert (quick.counted, quick.slow_files) == (told.counted, 0)


@pytest.mark.parametrize("case", ASIDE)
def test_why_a_line_is_set_aside(desk, case):
    form, fields, line, reason = ASIDE[case]
    told = desk.read(line.encode() + b"\n", form, fields)
    assert (told.counted, told.refused) == ([], [(reason, "access.log", 1)])


def test_the_edges_of_the_time_that_counts(desk):
    inside = (b'192.0.2.1 - - [01/Jan/2010:00:00:00 +0100] "GET /" 200 5\n'
              b'192.0.2.1 - - [01/Feb/2026:04:00:00 +0100] "GET /" 200 5\n')
    told = desk.read(inside, "common")
    assert (told.hits, told.refused) == (2, [])


def test_a_second_is_cut_not_rounded(desk):
    """A request at 23:59:59.7 belongs to the day that is not over yet."""
    last = b"192.0.2.1 1769900399.700 200\n"
    assert desk.read(last, "$remote_addr $msec $status").counted[0]["first_second"] == 1769900399


def test_the_first_request_of_a_client_tells_its_referrer_even_if_it_had_none(desk):
    line = '{"address":"192.0.2.1","time":%d,"status":200%s}\n'
    body = line % (SECOND, "") + line % (SECOND + 1, ',"referrer":"https://example.org/"')
    assert [one["first_referrer"] for one in desk.read(body.encode(), "json").counted] == [None]


NONSENSE = {
    "a name that is none": ("combinde", {}, "names no variable: write common, combined, vhost_combined, json, "
                                            "or the log_format of the server"),
    "empty": ("", {}, "names no variable"),
    "no time": ("%h %>s %b", {}, "does not tell the time: log it, or name the variable in fields"),
    "no address": ("$time_local $status", {}, "does not tell the address"),
    "nothing of use": ("$request", {}, "does not tell the time, address, status"),
    "an unknown field": ("combined", {"adress": "%h"}, "there is no field adress: name one of time, address"),
    "a variable that is not there": ("combined", {"account": "%{X-Account}o"},
                                     "has no variable %{X-Account}o, which fields.account"),
    "time without zone": ("%h [%{%d/%b/%Y:%T}t] %>s", {}, "logs the time without its zone: add %z to it, or log %t"),
    "time in two parts": ("%h [%{%d/%b/%Y:%T}t.%{msec_frac}t %{%z}t] %>s", {}, "logs the time without its zone"),
    "time that cannot be read back": ("%h [%{%G-%V-%u %T %z}t] %>s", {},
                                      "logs the time with %G, %V, %u, which cannot be read: log %t"),
    "JSON that is none": ("{$remote_addr $time_iso8601 $status}", {}, 'spells no JSON of "key": "$variable"'),
    "JSON without end": ('{"a": "$remote_addr", "t": "$time_iso8601", "s": "$status"', {}, "spells no JSON"),
    "JSON without variables": ('{"a": "b"}', {}, "spells no JSON"),
    "JSON without status": ('{"a": "$remote_addr", "t": "$time_iso8601"}', {}, "does not tell the status"),
}


@pytest.mark.parametrize("case", NONSENSE)
def test_nonsense_is_refused_in_one_sentence(case):
    text, fields, sentence = NONSENSE[case]
    with pytest.raises(FormatError) as refused:
        compiled(text, fields)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


APACHE = r"""
ServerRoot {root}
ServerName localhost
PidFile {root}/pid
Listen 127.0.0.1:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
ErrorLog {root}/error.log
LogFormat {form} own
CustomLog {root}/access.log own
"""
APACHE_FORM = r'"%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %D %{usec}t"'
AGENTS = {"plain": "plain", 'with "quotes" 200 5 "-" "x': r"with \"quotes\" 200 5 \"-\" \"x",
          "back\\slash\\": r"back\\slash\\",
          "a" * 3000: "a" * 3000, "é": r"\xc3\xa9", '" 1 2': r"\" 1 2"}


def test_apache_itself(tmp_path):
    """Whatever a client sends, Apache escapes it so that its line is read."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = tmp_path / "apache.conf"
    config.write_text(APACHE.format(root=tmp_path, port=port, modules="/usr/lib/apache2/modules", form=APACHE_FORM),
                      encoding="utf-8")
    server = subprocess.Popen([shutil.which("apache2", path="/usr/sbin:/usr/local/sbin:/usr/bin"), "-X", "-f", str(config)])
    try:
        wait_for(tmp_path / "pid")
        for agent in AGENTS:
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            client.request("GET", "/x", headers={"User-Agent": agent.encode(), "Referer": "-"})
            client.getresponse().read()
            client.close()
        with socket.create_connection(("127.0.0.1", port)) as hello:
            hello.sendall(b"\x16\x03\x01\x02\x00\x01\r\n\r\n")
            hello.recv(1000)
    finally:
        server.terminate()
        server.wait(timeout=20)
    late = Desk(tmp_path)
    late.bounds = Bounds(date(2010, 1, 1), datetime(2100, 1, 1, tzinfo=UTC))
    told = late.read((tmp_path / "access.log").read_bytes(), f"LogFormat {APACHE_FORM} own", name="copy.log")
    late.close()
    assert told.refused == []
    assert {one["agent"] for one in told.counted} == {*AGENTS.values(), "-"}


def wait_for(path) -> None:
    for _ in range(200):
        if path.exists():
            return
        time.sleep(0.05)
    raise TimeoutError(path)


LOCAL_TIME = "%d/%b/%Y:%H:%M:%S %z"
# Hours, minutes and seconds, and whether they are a time.
CLOCKS = {"00:00:00": True, "23:59:59": True, "12:34:56": True, "24:00:00": False, "12:60:00": False, "12:34:5x": False,
          " 1:02:03": False, "12:34:5.": False}


FIRSTS = [date(2024, 2, 25), date(2023, 2, 28), date(2025, 12, 28), date(2025, 10, 20)]


def moments(desk, first: date, pieces: list[str], is_alone: bool = False) -> list[int | None]:
    """The seconds that the quicker way tells for these first pieces of lines, in a file that begins on that day.

    `is_alone`: without the usual way, which reads what the quicker one does not.
    """
    form = beginning(compiled("combined", {}), f"- [{first:%d/%b/%Y}:00:00:00 +0200]")
    moment = form.moment.replace("{text}", form.fields["time"])
    if is_alone:
        usual = compiled("combined", {}).moment.replace("{text}", form.fields["time"])
        moment = moment.replace(f"ELSE {usual}", "ELSE NULL")
        assert "strptime" not in moment
    relation = "(SELECT unnest($pieces) AS c1)"
    for columns in (form.cut, form.found):
        relation = f"(SELECT *, {', '.join(f'{sql} AS {name}' for name, sql in columns.items())} FROM {relation})"
    told = desk.con.execute(f"SELECT epoch_us({moment}) // 1_000_000 FROM {relation}", {"pieces": pieces})
    return [second for (second,) in told.fetchall()]


@pytest.mark.parametrize("first", FIRSTS, ids=str)
def test_times_of_the_days_with_which_a_file_begins_and_of_others_are_told_alike(desk, first):
    """Those of eight days are read in a quicker way: they are the same moments, and what is no time still is none."""
    assert beginning(compiled("combined", {}), f"- [{first:%d/%b/%Y}:00:00:00 +0200]") != compiled("combined", {})
    times = [f"{first + timedelta(days=days):%d/%b/%Y}:{clock} {zone}" for days in (0, 1, 7, 8, -1) for clock in CLOCKS
             for zone in ("+0200", "+0100", "-1130", "0100")]
    body = b"".join(combined(time, agent=f"{number}") + b"\n" for number, time in enumerate(times, 1))
    told, slowly = desk.read(body), desk.read(body, is_slow=True)
    wanted = {f"{number}": int(datetime.strptime(time, LOCAL_TIME).timestamp()) for number, time in enumerate(times, 1)
              if CLOCKS[time[12:20]] and time[-5] in "+-"}
    assert {one["agent"]: one["first_second"] for one in told.counted} == wanted
    assert (told.groups, told.aside) == (slowly.groups, slowly.aside)
    assert len(told.aside) == len(times) - len(wanted) > 0


@pytest.mark.parametrize("first", FIRSTS, ids=str)
def test_the_quicker_way_reads_eight_days_and_leaves_the_others(desk, first):
    times = [f"{first + timedelta(days=number):%d/%b/%Y}:23:59:58 +0200" for number in range(-1, 9)]
    pieces = [f"192.0.2.1 - - [{time}] " for time in times]
    wanted = [int(datetime.strptime(time, LOCAL_TIME).timestamp()) for time in times]
    assert moments(desk, first, pieces) == wanted
    assert moments(desk, first, pieces, is_alone=True) == [None, *wanted[1:-1], None]


# What stands before the bracket of the time in a line, and whether the line is counted.
HEADS = {
    "192.0.2.1 - - ": True, "192.0.2.1 - ann - ": True, "192.0.2.1 - ann lee ": True, "192.0.2.1 - [b] ": True,
    "192.0.2.1 - [01/Mar/2026:00:00:00 +0200] ": True, "192.0.2.1 - é ": True, "192.0.2.1 - ééééé éééééé éé ": True,
    "192.0.2.1 - x": False, "192.0.2.1 - ": False, " - - ": False, "192.0.2.1 - - x": False, "192.0.2.1 - - [": False,
    "": False, "192.0.2.1 - - [01/Mar/2026:": False, "192.0.2.1 - a [b ": False,
}


@pytest.mark.parametrize("form", ["combined", "$remote_addr - $remote_user [$time_local] \"$request\" $status $bytes_sent "
                                              "\"$http_referer\" \"$http_user_agent\""], ids=["Apache", "nginx"])
def test_what_stands_before_the_time_is_read_alike_in_both_ways(desk, form):
    lines = [f'{head}[01/Mar/2026:10:00:{second} +0200]{tail}"GET / HTTP/1.1" 200 5 "-" "{head}|{second}|{tail}"'
             for head in HEADS for second in ("00", "59", "5x") for tail in (" ", "  ", "", " x ")]
    body = "".join(f"{line}\n" for line in lines).encode()
    late = Desk(desk.folder)
    late.bounds = Bounds(date(2010, 1, 1), datetime(2100, 1, 1, tzinfo=UTC))
    told, slowly = late.read(body, form), late.read(body, form, is_slow=True)
    late.close()
    assert (told.slow_files, slowly.slow_files) == (0, 1)
    assert (told.groups, told.aside) == (slowly.groups, slowly.aside)
    counted = {one["agent"] for one in told.counted}
    if form == "combined":
        assert counted == {f"{head}|{second}| " for head, is_counted in HEADS.items() if is_counted
                           for second in ("00", "59")}
    assert {one["address"] for one in told.counted} == {"192.0.2.1"}


# Formats, and lines that are almost of them, {} for the time. A line of the same day stands before each.
ALMOST = {
    "letters of three more bytes before a time without seconds": ("combined", {}, [
        '192.0.2.1 - {user} [01/Mar/2023:10:00 +0200] "GET /" 200 5 "-" "ua"'.replace("{user}", user)
        for user in ("ééé", "\U0001f600", "€é", "éééé", "éé")]),
    "a status that is not a word": (
        '$remote_addr [$time_local] "$request" status=$status bytes=$body_bytes_sent "$http_user_agent"', {},
        [f'192.0.2.1 [{{}}] "GET /" status={status} bytes={size} "ua"' for status in ("200", "404", "2000")
         for size in ("7", "7x", "", "-5", "-")]),
    "a status behind what LIKE takes for more": (
        '$remote_addr [$time_local] "$request" 100% $status $body_bytes_sent "$http_user_agent"', {},
        [f'192.0.2.1 [{{}}] "GET /" {words} "ua"'
         for words in ("100% 200 5", "100% 404 200", "100% 404 200 0", "100 200 5")]),
    "a status behind a letter that LIKE takes for any": (
        '$remote_addr [$time_local] "$request" st_$status $body_bytes_sent "$http_user_agent"', {},
        [f'192.0.2.1 [{{}}] "GET /" {words} "ua"' for words in ("st_200 5", "stX200 5", "stX404 5", "st_404 5")]),
    "a status twice": (
        '$remote_addr [$time_local] "$request" $status $body_bytes_sent "$http_user_agent" "$status"', {},
        [f'192.0.2.1 [{{}}] "GET /" {first} 5 "ua" "{last}"' for first in ("200", "404", "2x4")
         for last in ("200", "404", "2x4")]),
    "an address with its port": (
        '$remote_addr:$remote_port - $remote_user [$time_local] "$request" $status $body_bytes_sent', {},
        [f'{address} - - [{{}}] "GET /" 200 5' for address in ("192.0.2.1:80", ":80", "192.0.2.1", ":", "")]),
    "an address and another": (
        '$remote_addr,$http_x_forwarded_for [$time_local] "$request" $status $body_bytes_sent', {},
        [f'{address} [{{}}] "GET /" 200 5' for address in ("192.0.2.1,-", ",1.1.1.1", ",", "192.0.2.1")]),
    "an address at the bracket": (
        '$remote_addr[$time_local] "$request" $status $body_bytes_sent', {},
        [f'{address}[{{}}] "GET /" 200 5' for address in ("192.0.2.1", "", " ")]),
    "a literal that is spelled like the address": (
        'a%a %u %t "%r" %>s %b', {}, [f'{word} - [{{}}] "GET /" 200 5' for word in ("a192.0.2.1", "a", "192.0.2.1")]),
    "an address twice": (
        '$remote_addr [$time_local] "$request" $status $body_bytes_sent "$http_user_agent" "$remote_addr"', {},
        [f'192.0.2.1 [{{}}] "GET /" 200 5 "ua" "{last}"' for last in ("192.0.2.1", "10.0.0.9", "")]),
    "an account twice": (
        '$remote_addr $remote_user [$time_local] "$request" $status $body_bytes_sent "$remote_user"',
        {"account": "remote_user"}, [f'192.0.2.1 ann [{{}}] "GET /" 200 5 "{last}"' for last in ("ann", "bea", "")]),
    "a time twice": (
        '$remote_addr [$time_local] "$request" $status $body_bytes_sent "$time_local"', {},
        [f'192.0.2.1 [{{}}] "GET /" 200 5 "{last}"' for last in ("01/Mar/2023:11:00:00 +0200", "xx", "")]),
    "behind the time what LIKE takes for more": (
        'it $remote_addr - $remote_user [$time_local] %_ "$request" $status $body_bytes_sent', {"account": "remote_user"},
        [f'it 192.0.2.1 - ann [{{}}] {tail} "GET /" 200 5' for tail in ("%_", "%x", "x")]),
    "the address and the host in the last piece, too": (
        '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
        '$host $remote_addr', {}, ['192.0.2.1 - - [{}] "GET /" 200 5 "-" "ua" a.example 192.0.2.1']),
}


@pytest.mark.parametrize(("form", "chosen", "lines"), ALMOST.values(), ids=ALMOST)
def test_lines_that_are_almost_of_the_format_are_read_alike_in_both_ways(desk, form, chosen, lines):
    """Each behind a good one: whose day, zone and status are those that the quicker way looks for."""
    time = "01/Mar/2023:10:00:00 +0200"
    body = "".join(f"{line.replace('{}', time)}\n" for line in (f'192.0.2.1 - - [{time}] "GET /" 200 5 "-" "ua"', *lines))
    told, slowly = desk.read(body.encode(), form, chosen), desk.read(body.encode(), form, chosen, is_slow=True)
    assert (told.slow_files, slowly.slow_files) == (0, 1)
    assert (told.groups, told.aside) == (slowly.groups, slowly.aside)
    assert_every_line_is_accounted(told, body.encode())
    assert told.hits > 0


STATUSES = {"200": True, "404": True, "-": True, "000": True, "20": False, "2000": False, "2x0": False, "1e2": False,
            "+20": False, "099": False, "": False}
SIZES = {"5": True, "0": True, "-": True, "": False, "05": False, "-5": False, "1e2": False, "+5": False, "5.0": False,
         "é": False, "5é": False, f"{1 << 40}": True, f"{(1 << 40) + 1}": False, f"{1 << 70}": False, "-0": False}


def test_statuses_and_sizes_are_read_alike_in_both_ways(desk):
    told_by = {f"{status}|{size}": combined(TIME, status, size, agent=f"{status}|{size}") + b"\n"
               for status in STATUSES for size in SIZES}
    body = b"".join(told_by.values())
    told, slowly = desk.read(body), desk.read(body, is_slow=True)
    assert (told.slow_files, slowly.slow_files) == (0, 1)
    assert (told.groups, told.aside) == (slowly.groups, slowly.aside)
    assert {one["agent"] for one in told.counted} >= {
        f"{status}|{size}" for status in STATUSES for size in SIZES if STATUSES[status] and SIZES[size]}
    assert not {one["agent"] for one in told.counted} & {
        f"{status}|{size}" for status in STATUSES for size in SIZES if size and not (STATUSES[status] and SIZES[size])}


@pytest.mark.parametrize(("form", "head"), [
    ("combined", ""), ("combined", "- [31/Feb/2026:00:00:00 +0200]"), ("combined", "- [31/Xyz/2026:00:00:00 +0200]"),
    ("combined", "- [31/Dec/9999:00:00:00 +0200]"), ("json", "- [31/Jan/2026:00:00:00 +0200]"),
    ('$remote_addr [$time_iso8601] "$request" $status', "- [31/Jan/2026:00:00:00 +0200]")])
def test_a_head_that_tells_no_day_changes_nothing(form, head):
    assert beginning(compiled(form, {}), head) == compiled(form, {})
