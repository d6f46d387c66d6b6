"""Tables in and out: CSV and XLSX for enrolments, progress and topics, by one mechanism for all of them.

A file becomes rows with typed values (``sources``, ``table``); a batch service of ``services`` says what becomes of
each, and writes it (``runs``); ``exports`` goes the other way. A table is described in one file and listed in
``catalog``.
"""
