"""The SMART app joined with the service: its EHRs, its sessions, its page."""

from collections.abc import Iterator

from flask import Blueprint, Flask

from cds_service.chart_answer import answer_to
from cds_service.composition import Composition
from cds_service.ehr_network import network_of
from cds_service.start_refusals.smart_clients import client_keys
from cds_service.storage.smart_sessions import SmartSessionRows
from smart_app.launch.chart_opening import ChartOpening, ReadingOfCharts
from smart_app.launch.guard import register_smart_guard
from smart_app.launch.launching import Launching
from smart_app.launch.problem_pages import ProblemPages
from smart_app.launch.registrations import DEFAULT_SCOPES, Registration, Registrations
from smart_app.launch.routes import key_routes, launch_routes
from smart_app.page.doors import PageDoors
from smart_app.page.routes import clinician_page
from smart_app.plots.fragments import plot_files
from smart_app.sessions.cookies import Cookies
from smart_app.sessions.sessions import Sessions
from smart_app.write_back.facts import ObservationNames
from smart_app.write_back.routes import load_write_back_texts, write_back_routes
from smart_app.write_back.writing import Site as WritingSite
from smart_app.write_back.writing import WriteBack


def register_smart_app(app: Flask, composition: Composition) -> None:
    """Add everything below ``/smart``."""
    settings, reading = composition.settings, composition.chart_reading
    registrations = Registrations(tuple(_registrations(composition)))
    sessions = Sessions(SmartSessionRows(composition.storage.replay), settings.secret_key)
    app.extensions["smart_sessions"] = sessions
    cookies = Cookies(settings.public_url)
    pages = ProblemPages(settings.site.language)
    opening = ChartOpening(
        registrations,
        sessions,
        cookies,
        ReadingOfCharts(reading.templates, settings.max_body_bytes, reading.note_calls),
    )
    launching = Launching(registrations, sessions, settings.public_url)
    app.register_blueprint(launch_routes(launching, sessions, cookies, pages))
    app.register_blueprint(key_routes(registrations))
    page = clinician_page(_doors(composition, opening))
    pages.register(page)
    app.register_blueprint(page)
    app.register_blueprint(plot_files())
    app.register_blueprint(_write_back(composition, opening, sessions, pages))
    register_smart_guard(app, opening, registrations, pages)


def _doors(composition: Composition, opening: ChartOpening) -> PageDoors:
    site = composition.site
    return PageDoors(
        open_chart=opening.opened_chart,
        recommend=lambda sources, patient_id, on: answer_to(sources, patient_id, site, on),
        keep_answers=opening.keep_answers,
        today=composition.today,
        zone=site.zone,
        reading=site.reading,
        names=_names(composition),
        language=composition.settings.site.language,
        report_url=composition.settings.site.report_url,
    )


def _write_back(
    composition: Composition, opening: ChartOpening, sessions: Sessions, pages: ProblemPages
) -> Blueprint:
    settings = composition.settings
    site = WritingSite(
        names=_names(composition),
        today=composition.today,
        note=load_write_back_texts(settings.site.language)["note"],
    )
    write_back = WriteBack(opening, sessions, site)
    page_address = f"{settings.public_url}/smart/"
    return write_back_routes(write_back, pages, page_address, settings.site.language)


def _names(composition: Composition) -> ObservationNames:
    settings = composition.settings
    return ObservationNames(settings.secret_key, f"{settings.public_url}/smart/write-back")


def _registrations(composition: Composition) -> Iterator[Registration]:
    settings = composition.settings
    keys = client_keys(settings.site, settings.site_path)
    for ehr in settings.site.ehr:
        if ehr.smart is None:
            continue
        yield Registration(
            ehr_name=ehr.name,
            fhir_base=ehr.fhir_base,
            client_id=ehr.smart.client_id,
            client_secret=settings.smart_secrets.get(ehr.name),
            client_key=keys.get(ehr.name),
            scopes=ehr.smart.scopes or DEFAULT_SCOPES,
            auth_hosts=ehr.smart.auth_hosts,
            frame_ancestors=ehr.allowed_origins,
            network=network_of(ehr),
            server=composition.chart_reading.server_of(ehr),
        )
