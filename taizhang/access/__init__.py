"""Who may see and do what: people and their passwords, roles, who is signed in, and the book of what was done."""
