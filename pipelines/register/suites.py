"""The one place that knows how many bits the symmetric key of a cipher suite has: an SQL macro, for logs and for probes.

A suite goes by its IANA name or by OpenSSL's, in any case. Sources: RFC 5246, 6209 (ARIA), 6367 (Camellia), 7905 (ChaCha20),
8446 (TLS 1.3), 8998 (SM4), 9189 (GOST); export suites: RFC 2246 and its draft of 56-bit ones.
"""

MACROS = """
CREATE OR REPLACE MACRO suite_bits(suite) AS (CASE
    -- Suites for export, made to be broken: what they are named after is longer than their key.
    WHEN regexp_matches(upper(suite), '(^|[-_])EXP(ORT)?1024') THEN 56
    WHEN regexp_matches(upper(suite), '(^|[-_])EXP(ORT)?[-_]') THEN 40
    WHEN regexp_matches(upper(suite), '(^|[-_])NULL([-_]|$)') THEN 0
    WHEN regexp_matches(upper(suite), '(AES|CAMELLIA|ARIA)[-_]?256|CHACHA20|KUZNYECHIK|MAGMA|28147|GOST89') THEN 256
    WHEN regexp_matches(upper(suite), '(AES|CAMELLIA|ARIA)[-_]?192') THEN 192
    WHEN regexp_matches(upper(suite), 'RC4[-_]64') THEN 64
    WHEN regexp_matches(upper(suite), '(AES|CAMELLIA|ARIA)[-_]?128|RC[24]|SEED|IDEA|SM4') THEN 128
    WHEN regexp_matches(upper(suite), '3DES|DES-CBC3') THEN 112
    WHEN regexp_matches(upper(suite), 'DES') THEN 56
    END);
"""


def install(connection) -> None:
    """Register suite_bits(name): the bits of the symmetric key, NULL for a name that is not known here (never a guess)."""
    connection.execute(MACROS)
