-- Question: How many texts in the warehouse look like an address, and in which columns?
-- Grain: a kind of address. All texts of all tables but those that are made from them here.
SELECT what, columns, texts, found, place FROM verification.own_content ORDER BY what
