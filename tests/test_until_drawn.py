"""What is said once stays said, and what was done once is not done again, until a page was drawn to its end."""

from streamlit.testing.v1 import AppTest

from taizhang.ui import until_drawn


def page() -> None:
    import streamlit as st

    from taizhang.ui import until_drawn
    from taizhang.ui.aloud import act, once

    state = st.session_state

    def do(what: str) -> None:
        state["did"] = (*state.get("did", ()), what)
        state["said"] = f"{what} {len(state['did'])}"

    with until_drawn.drawn():
        st.write(f"<{until_drawn.said('said') or ''}>")
        if st.checkbox("another click comes"):
            state["cut"] = not state.get("cut", False)
            if state["cut"]:
                st.rerun()
        st.button("once", on_click=once(do), args=("a",))
        st.button("again", on_click=act(do), args=("b",))
        if st.checkbox("ends early"):
            st.stop()


def written(app: AppTest) -> str:
    return app.markdown[0].value


def test_what_is_said_is_said_once():
    app = AppTest.from_function(page).run()
    assert written(app.button[0].click().run()) == "<a 1>"
    assert written(app.run()) == "<>"
    assert written(app.button[1].click().run()) == "<b 2>"


def test_a_run_that_another_one_ends_has_said_nothing():
    """The rerun stands for a click: the framework ends a run with the same exception."""
    app = AppTest.from_function(page).run()
    app.checkbox[0].check()
    assert written(app.button[0].click().run()) == "<a 1>"  # by the second of two runs
    assert written(app.run()) == "<>"


def test_a_page_that_ends_itself_was_drawn():
    app = AppTest.from_function(page).run()
    app.checkbox[1].check()
    assert written(app.button[0].click().run()) == "<a 1>"
    assert written(app.run()) == "<>"
    assert app.button[0].click().run().session_state["did"] == ("a", "a")


def test_what_is_said_anew_meanwhile_is_not_forgotten():
    app = AppTest.from_function(page).run()
    app.button[0].click()
    assert written(app.button[1].click().run()) == "<b 2>"
    assert app.session_state["did"] == ("a", "b")


def test_a_click_that_was_on_its_way_while_the_page_was_drawn_is_a_second_one(monkeypatch):
    app = AppTest.from_function(page).run()
    monkeypatch.setattr(until_drawn, "LATE_SECONDS", 1000.0)
    assert written(app.button[0].click().run()) == "<a 1>"
    assert written(app.button[0].click().run()) == "<a 1>"  # what was said is not lost on whoever clicked twice
    assert written(app.button[1].click().run()) == "<b 2>"  # another act is none of it
    assert app.session_state["did"] == ("a", "b")
