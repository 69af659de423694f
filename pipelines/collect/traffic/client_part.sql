-- Question: what is kept, until the days are counted, of what a client did in one half hour?
-- Grain: as line_group, in numbers only: no address, agent, referrer or account as it was written. A visitor is a hash of address
-- and agent under a key that lives in this run's memory only.
SELECT g.half_hour, hash(sha256($key || encode(g.address)), g.agent) AS visitor, g.first_line, g.last_second,
       g.hits, g.hits_1, g.hits_2, g.hits_3, g.hits_4, g.hits_5,
       g.bytes, g.bytes_1, g.bytes_2, g.bytes_3, g.bytes_4, g.bytes_5,
       hash(g.agent) AS agent_key, hash(g.first_referrer, g.host) AS origin_key,
       hash(g.scheme, g.protocol, g.cipher, g.key_bits, g.answer) AS connection_key, c.country,
       CASE WHEN g.account NOT IN ('', '-') THEN hash(g.account) END AS account_key
FROM line_group AS g
LEFT JOIN address_country AS c USING (address)
WHERE g.code = 0
