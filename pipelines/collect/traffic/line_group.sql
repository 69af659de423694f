-- Question: what did one client do in one half hour, by one file of the log?
-- Grain: a file, a client (address and agent, and what else the log tells of a connection) and a half hour since 1970; of lines
-- that cannot be counted, a file and a reason (9: a line that is not judged yet, by itself). No local day, hour or clock change
-- falls inside a half hour. Whoever pauses for no longer than that is still on the same visit: nothing needs to be split.
-- hits_N, bytes_N: of them, those of the class of answers Nxx; one number (2^62 a hit, one a byte) until they are added up: one sum is
-- made sooner than two. first_line: second, a hash, and the class, of the first request.
SELECT * EXCLUDE (answered_1, answered_2, answered_3, answered_4, answered_5),
       coalesce(answered_1 >> 62, 0)::UINTEGER AS hits_1, coalesce(answered_2 >> 62, 0)::UINTEGER AS hits_2,
       coalesce(answered_3 >> 62, 0)::UINTEGER AS hits_3, coalesce(answered_4 >> 62, 0)::UINTEGER AS hits_4,
       coalesce(answered_5 >> 62, 0)::UINTEGER AS hits_5,
       (answered_1 & ((1::HUGEINT << 62) - 1))::UBIGINT AS bytes_1, (answered_2 & ((1::HUGEINT << 62) - 1))::UBIGINT AS bytes_2,
       (answered_3 & ((1::HUGEINT << 62) - 1))::UBIGINT AS bytes_3, (answered_4 & ((1::HUGEINT << 62) - 1))::UBIGINT AS bytes_4,
       (answered_5 & ((1::HUGEINT << 62) - 1))::UBIGINT AS bytes_5
FROM (
    SELECT any_value(file) AS file, any_value(code) AS code, half_hour, client, any_value(line) AS line,
           any_value(address) AS address, any_value(agent) AS agent, any_value(host) AS host, any_value(scheme) AS scheme,
           any_value(protocol) AS protocol, any_value(cipher) AS cipher, any_value(key_bits) AS key_bits,
           any_value(account) AS account, any_value(answer) AS answer, max(second) AS last_second,
           -- Of several requests in the first second, always the same one, whatever the order in which they were read.
           min(line_order) AS first_line, arg_min_null(referrer, line_order) AS first_referrer,
           count(*) AS hits, sum(bytes)::UBIGINT AS bytes, sum(CASE class WHEN 1 THEN answered END) AS answered_1,
           sum(CASE class WHEN 2 THEN answered END) AS answered_2, sum(CASE class WHEN 3 THEN answered END) AS answered_3,
           sum(CASE class WHEN 4 THEN answered END) AS answered_4, sum(CASE class WHEN 5 THEN answered END) AS answered_5,
           sum(line_hash)::HUGEINT AS line_hashes, sum(line_bytes)::UBIGINT AS line_bytes
    FROM line
    GROUP BY half_hour, client
)
