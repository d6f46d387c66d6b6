"""The writing room: what can be asked of the services, described once for every interface.

``catalog`` names the commands. Each is a service of ``django_prodev.api``; its inputs are read off the service's own
signature (``signatures``), so an interface offers what the service takes and nothing else. ``performing`` checks what
was given, finds the rows it names among those that the actor may see, and calls the service.
"""
