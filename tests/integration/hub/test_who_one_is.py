"""Users of the hub are users of LeadersBoard, whichever way they come in."""

from collections.abc import Callable

import httpx

from tests.builders import form, notebook
from tests.integration.conftest import wait_until
from tests.integration.hub.conftest import Hub

# How long a token that was taken back may still be good.
REVOCATION_SECONDS = 30


def submit(client: httpx.Client) -> str:
    sent = {"files": form({"nb.ipynb": notebook("print(1)")}), "data": {"entrypoint": "nb.ipynb"}}
    submission = client.post("/submissions", **sent)  # type: ignore[arg-type]
    assert submission.status_code == 201, submission.text
    job = client.post("/jobs", json={"submission_id": submission.json()["submission_id"]})
    assert job.status_code == 202, job.text
    job_id: str = job.json()["job_id"]
    return job_id


def test_a_token_of_the_hub_is_its_users_at_the_api(hub: Hub, new_user: Callable[[], str]) -> None:
    ann, bob = new_user(), new_user()
    anns, bobs = hub.api(hub.token_of(ann)), hub.api(hub.token_of(bob))

    job_id = submit(anns)

    assert anns.get(f"/jobs/{job_id}/status").json()["user_id"] == ann
    assert bobs.get(f"/jobs/{job_id}/status").status_code == 404
    assert bobs.post(f"/jobs/{job_id}/cancel").status_code == 404
    assert bobs.get("/jobs").json()["items"] == []


def test_organisers_and_operators_see_everything(hub: Hub, new_user: Callable[[], str]) -> None:
    job_id = submit(hub.api(hub.token_of(new_user())))
    for user, role in (("olga", "organiser"), ("admin", "operator")):
        client = hub.api(hub.token_of(user))
        assert client.get("/whoami").json()["role"] == role
        assert client.get(f"/jobs/{job_id}/status").status_code == 200


def test_a_users_server_may_submit_in_its_users_name_and_nothing_else(hub: Hub, new_user: Callable[[], str]) -> None:
    user = new_user()
    hub.token_of(user)
    token = hub.spawn(user).environ()["JUPYTERHUB_API_TOKEN"]

    assert hub.api(token).get("/whoami").json()["user_id"] == user
    submit(hub.api(token))

    headers = {"Authorization": f"token {token}"}
    for method, path in (("GET", "/users"), ("POST", f"/users/{user}/tokens"), ("DELETE", f"/users/{user}/server")):
        assert httpx.request(method, f"{hub.url}/hub/api{path}", headers=headers).status_code in (403, 404)


def test_the_static_tokens_go_on_working_directly_and_behind_the_hub(hub: Hub) -> None:
    assert hub.api("carols-secret").get("/whoami").json()["user_id"] == "carol"
    direct = httpx.get(f"{hub.api_url}/whoami", headers={"Authorization": "Bearer carols-secret"})
    assert direct.json()["user_id"] == "carol"
    assert hub.api("devtoken").get("/whoami").status_code == 401


def test_nobody_comes_in_with_the_token_of_a_service_or_none(hub: Hub) -> None:
    for token in (hub.secret("hub-service-token"), hub.secret("hub-mlflow-token"), "made-up"):
        assert hub.api(token).get("/whoami").status_code == 401
    assert httpx.get(f"{hub.url}/services/leadersboard/jobs").status_code == 401


def test_a_token_that_was_taken_back_is_refused_soon(hub: Hub, new_user: Callable[[], str]) -> None:
    user = new_user()
    client = hub.api(hub.token_of(user))
    assert client.get("/whoami").status_code == 200

    for token in hub.admin("GET", f"/users/{user}/tokens").json()["api_tokens"]:
        hub.admin("DELETE", f"/users/{user}/tokens/{token['id']}")

    wait_until(lambda: client.get("/whoami").status_code == 401, REVOCATION_SECONDS)


def test_a_browser_logs_in_by_the_hub_and_comes_back_to_where_it_was_going(
    hub: Hub, new_user: Callable[[], str]
) -> None:
    user = new_user()
    browser = hub.at_the_api(user)
    assert browser.get("/services/leadersboard/whoami").json()["user_id"] == user
    assert hub.browser().get("/services/leadersboard/whoami").status_code == 401

    browser.get("/services/leadersboard/hub-logout")

    assert browser.get("/services/leadersboard/whoami").status_code == 401


def test_a_login_leads_to_no_other_host(hub: Hub, new_user: Callable[[], str]) -> None:
    browser = hub.logged_in(new_user())
    for target in ("https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "/ok\r\nX: y"):
        answer = browser.get("/services/leadersboard/hub-login", params={"next": target})
        assert str(answer.url).startswith(f"{hub.url}/services/leadersboard/")


def test_a_login_that_another_began_is_refused(hub: Hub, new_user: Callable[[], str]) -> None:
    browser = hub.logged_in(new_user())
    answer = browser.get("/services/leadersboard/oauth_callback", params={"code": "x", "state": "y"})
    assert (answer.status_code, answer.json()["code"]) == (400, "login_not_finished")


def test_a_page_elsewhere_changes_nothing_in_the_name_of_a_browser(hub: Hub, new_user: Callable[[], str]) -> None:
    browser = hub.at_the_api(new_user())
    sent = {"files": form({"nb.ipynb": notebook("1")}), "data": {"entrypoint": "nb.ipynb"}}
    path = "/services/leadersboard/submissions"

    forged = browser.post(path, **sent)  # type: ignore[arg-type]
    assert (forged.status_code, forged.json()["code"]) == (403, "forged_request")

    token = browser.get("/services/leadersboard/whoami").json()["xsrf_token"]
    assert browser.post(path, **sent, headers={"X-XSRFToken": token}).status_code == 201  # type: ignore[arg-type]


def test_the_cookie_of_a_login_cannot_be_read_by_pages_or_sent_from_elsewhere(
    hub: Hub, new_user: Callable[[], str]
) -> None:
    browser = hub.logged_in(new_user())
    start = browser.get("/services/leadersboard/hub-login", follow_redirects=False)
    cookie = start.headers["Set-Cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/services/" in cookie
