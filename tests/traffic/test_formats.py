"""Formats of logs, each with a line of it: what is read of it, or why it is set aside; and what is no format."""

import http.client
import shutil
import socket
import subprocess
import time
from datetime import UTC, date, datetime

import pytest
from reading import GOOD, SECOND, TIME, TLS, Desk

from pipelines.collect.traffic.formats import FormatError, compiled, recorded
from pipelines.collect.traffic.reader import Bounds

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
    **{f"a damaged time: {time}": ("combined", {}, f'192.0.2.1 - - [{time}] "GET /" 200 5 {AGENT}', "wrong_type")
       for time in ("1/Jan/2026:13:55:36 +0100", " 1/Jan/2026:13:55:36 +0100", "01/Jan/2026:13:55:3 +0100",
                    "01/Jan/2026:13:55:3  +0100", "01/Jan/2026:3:55:36 +0100", "01/Jan/2026:13:55:36 +01",
                    "01/Jan/2026:13:55:36 +01:00", "01/Jan/2026:13:55:36 +0100 ", "01/Jan/226:13:55:36 +01000")},
    "a damaged time in JSON": ("json", {}, OUR_KEYS % '"1/Jan/2026:13:55:36 +0100"', "wrong_type"),
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
