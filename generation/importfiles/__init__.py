"""What an import reads: a folder, a table or an archive, row by row. Pure: no Django, no database, no storage.

Nothing is extracted, nothing is held but the row at hand, and what cannot be taken says which row and why.
"""
