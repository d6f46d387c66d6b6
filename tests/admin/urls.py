"""A site that mounts the admin and nothing else of the package."""

from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
