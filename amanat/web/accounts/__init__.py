"""Staff: who works in amanat, how they log in, and what each may see and do."""
