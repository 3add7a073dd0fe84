"""A browser of plain requests: it follows redirects between the app and a real EHR."""

from dataclasses import dataclass, field
from urllib.parse import urljoin

import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.real_server import processes
from tests.smart_launch.app_and_browser import PUBLIC_URL
from tests.smart_launch.ehr_process import SmartEhr

_MOST_REDIRECTS = 10


@dataclass
class RealBrowser:
    """``app`` keeps the cookies of the app, ``at_ehr`` those of the EHR."""

    app: FlaskClient
    ehr: SmartEhr
    at_ehr: requests.Session = field(default_factory=processes.session)

    def launch(self, patient_id: str, **options: object) -> str:
        """Follow the EHR's link up to the callback; gives its address, not yet opened."""
        return self.log_in(iss=self.ehr.base, launch=self.ehr.launch(patient_id, **options))

    def log_in(self, **parameters: str) -> str:
        began = self.app.get("/smart/launch", query_string=parameters)
        assert began.status_code == 303, began.text
        return self.at_login(began.headers["Location"])

    def at_login(self, address: str) -> str:
        for _ in range(_MOST_REDIRECTS):
            answer = self.at_ehr.get(address, allow_redirects=False, timeout=10)
            assert answer.is_redirect, answer.text
            address = urljoin(address, answer.headers["Location"])
            if address.startswith(PUBLIC_URL):
                return address
        message = "the EHR never let the browser go"
        raise AssertionError(message)

    def come_back(self, callback: str) -> TestResponse:
        return self.app.get(callback.removeprefix(PUBLIC_URL))

    def open(self, patient_id: str, **options: object) -> TestResponse:
        """Launch and give the page, or the page that says why not."""
        answer = self.come_back(self.launch(patient_id, **options))
        return self.page() if answer.status_code == 303 else answer

    def page(self) -> TestResponse:
        return self.app.get("/smart/")
