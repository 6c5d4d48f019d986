"""How a test signs: it chooses a name where one is asked for, or types another one, as a person does."""

from streamlit.testing.v1 import AppTest


def sign(app: AppTest, key: str, name: str) -> None:
    """Choose who signs, without running the page."""
    one = app.selectbox(key=key)
    if name not in one.options:
        one.options.append(name)  # what the browser adds when somebody types it
    one.set_value(name)


def sign_in_browser(place, name: str) -> None:
    """The same in a browser; `place` is a locator of the control."""
    field = place.locator("input")
    field.click()
    field.fill(name)
    field.press("Enter")
