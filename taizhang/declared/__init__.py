"""What is declared once and read everywhere: tables, questions, terms, and the words of both languages."""
