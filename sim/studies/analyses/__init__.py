"""What a finished study says: each analysis is one call, returns tables, and states its uncertainty."""
