-- Question: on which local day, and in which hour of it, does a half hour lie?
-- Grain: a half hour since 1970 of which there are lines. No local day or hour of Paris begins inside one; the hour that comes
-- twice when the clocks go back has one number.
SELECT half_hour, to_timestamp(half_hour * 1800)::DATE AS day_on, hour(to_timestamp(half_hour * 1800))::UTINYINT AS hour
FROM (SELECT DISTINCT half_hour FROM client_part)
