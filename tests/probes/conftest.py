"""Servers as operators configure them, well and badly, and a home that their probes are stored in."""

from types import SimpleNamespace

import pytest
from web_server import free_port, nginx

from pipelines.home import Home

# By name, what stands in the server of a TLS port.
TLS = {
    "strict": "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305; "
              "ssl_conf_command Ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256;",
    "usual": "ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on; "
             "ssl_ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256;",
    "aes128": "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256;",
    "modern128": "ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;",
    "old": "ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers ALL:eNULL:@SECLEVEL=0;",
    "nobody": "ssl_reject_handshake on;",
}
PLAIN = {
    "bare": "location / {{ error_page 301 @bare; return 301 https://$host$request_uri; }} "
            'location @bare {{ return 200 ""; }}',
    "page": "location / {{ return 301 https://$host$request_uri; }}",
    "cookie": "location / {{ add_header Set-Cookie seen=1 always; return 301 https://$host/; }}",
    "loop": "location / {{ return 301 http://$host:$server_port/elsewhere; }}",
    "telling": 'location / {{ return 301 https://$host/; }} location = /alpia-probe {{ return 200 "hello"; }}',
    "answer": 'location / {{ return 200 "hello"; }}',
}
SERVER = 'server {{ listen 127.0.0.1:{port}{ssl}; {body} {rest} }}\n'


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """One nginx with a port a configuration: `tls[name]` and `plain[name]`."""
    folder = tmp_path_factory.mktemp("servers")
    found = SimpleNamespace(tls={name: free_port() for name in TLS}, plain={name: free_port() for name in PLAIN})
    blocks = [SERVER.format(port=found.tls[name], ssl=" ssl", body=body, rest='location / { return 200 "hello"; }')
              for name, body in TLS.items()]
    blocks += [SERVER.format(port=found.plain[name], ssl="", body=body.format(), rest="") for name, body in PLAIN.items()]
    with nginx(folder, f"access_log {folder}/access.log;\n" + "".join(blocks), found.tls["strict"]):
        yield found


@pytest.fixture
def home(tmp_path) -> Home:
    """A home whose sources.toml names the records of probes."""
    (tmp_path / "sources.toml").write_text(
        '[system]\nname = "Test"\nfounded_on = 2010-01-01\n'
        '[endpoints]\nkind = "tls_probes"\nfiles = "probes/tls/*.jsonl"\n', encoding="utf-8")
    return Home(tmp_path)
