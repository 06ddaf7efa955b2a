"""Steps from every older shape of the database to the newest."""
