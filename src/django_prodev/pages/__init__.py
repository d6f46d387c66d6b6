"""Pages for people: server-rendered HTML that needs no script, over what ``visible_to(viewer)`` shows.

No write and no JSON comes in here. A host changes the look by overriding ``django_prodev/base.html``.
"""
