-- Question: Which classes of age of an account are told apart?
-- Grain: a class. Whole calendar months at the end of as_of; from_months inclusive, until_months exclusive.
SELECT age_class, age_position, from_months, until_months
FROM (VALUES ('years_0_1', 1, 0, 12), ('years_1_3', 2, 12, 36), ('years_3_5', 3, 36, 60), ('years_5', 4, 60, 100000))
    AS class (age_class, age_position, from_months, until_months)
ORDER BY age_position
