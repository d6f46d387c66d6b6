"""What a person decided about the records of a document: kept, dropped or corrected, before anything is planned.

``values`` has the decisions, ``rules`` what may be decided about which record, ``settling`` applies them to a document,
``readings`` takes another reading of a section, ``json_text`` keeps all of it in a file. No interface and no table
comes in here.
"""
