"""The web: the only place that knows Django.

Two doors, two processes, two URL trees: staff (`staff_urls.py`) and public (`public_urls.py`). Inside stand
`accounts` and the same eight names as outside; each folder uses the same words: `models` (tables), `queries` (read),
`actions` (change), `views`, `forms`, `urls`, `tasks`, `templates`, `migrations`. A stage leans on earlier stages only.

To add a page for staff, say "Who is affected?" of an incident:

1. `scope/queries.py`: a function that reads what the page shows. `scope/actions.py`: a function for each change;
   it writes one line to the journal with `respond.journal.write(...)`.
2. `scope/views.py`::

       @incident_page("see")                      # from amanat.web.accounts.pages
       def affected(request, incident): ...
           return render(request, "scope/affected.html", {"incident": incident, ...})

   `@incident_page(permission)` needs a log-in, a second factor, and that permission (a word of
   `accounts/permissions.py`) in this very incident; it hands over the incident. For pages outside any
   incident: `@staff_page(permission)`. A view with neither is refused by the middleware and by a guard test.
3. `scope/urls.py`: `path("incidents/<uuid:incident_id>/affected/", views.affected, name="affected")`. The file is
   included by itself: `staff_urls.py` walks the folders.
4. `scope/templates/scope/affected.html`::

       {% extends "incident.html" %}{% load i18n words %}
       {% block question %}{% translate "Who is affected?" %}{% endblock %}
       {% block answer %}…the first screenful…{% endblock %}

   Blocks: `question` (the title), `acts`, `lead`, `answer`, `reasons`, `table`; `scripts` for pages with charts. Numbers, moments and
   codes go through the filters of `templatetags/words.py`: `{{ n|number }}`, `{{ at|moment }}`, `{{ day|day }}`,
   `{{ due_at|hours_left:now }}`, `{{ code|ltr }}`. The eight steps beside each page find their pages by URL name
   (`STEPS` in `words.py`: incident, affected, duties, notices, approve, reach, measures, journal); a step without a
   page yet is shown without a link. The view may give `band` for the time band (`templates/parts/band.html`).
   Charts: `<script src="{% static 'vendor/echarts.min.js' %}" nonce="{{ request.csp_nonce }}">`, data through
   `json_script`, never inline code without the nonce; htmx is `vendor/htmx.min.js`.
5. Words: `python -m amanat.web.messages` adds new sentences to the French and Persian `.po` files; translate them there.
   A test refuses an empty or fuzzy one. Compiled files make themselves.

For the public: `public/views.py`, `public_urls.py` (language in the path: `/fa/verify/`) and a template that extends
`public.html`; no script, no cookie, no third party, under 50 kB. Mark each view with `@open_page`.
"""
