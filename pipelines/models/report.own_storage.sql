-- Question: What does the product itself store, since when, and until when is the oldest of it kept?
-- Grain: a kind of what is stored. until_on: the day of the run that forgets the oldest; NULL where it stays.
SELECT kind AS stored, files, bytes, since_on, until_on, kept, unit FROM verification.own_storage ORDER BY position
