"""The least a Streamlit board can be, to compare with: one filter, two pages, one Plotly chart each."""

import streamlit as st

DISTRICTS = ["all", "A", "B", "C"]
VALUES = {"all": [6, 9, 12], "A": [1, 2, 3], "B": [2, 3, 4], "C": [3, 4, 5]}


def chart(page: str, district: str) -> dict:
    return {
        "data": [{"type": "bar", "x": ["1", "2", "3"], "y": VALUES[district]}],
        "layout": {"title": {"text": f"{page} {district}"}},
    }


def first() -> None:
    st.title("First")
    st.plotly_chart(chart("first", st.session_state["district"]), key="first")


def second() -> None:
    st.title("Second")
    st.plotly_chart(chart("second", st.session_state["district"]), key="second")


st.set_page_config(page_title="bare", layout="wide")
page = st.navigation([st.Page(first, title="First", default=True), st.Page(second, title="Second", url_path="second")])
st.sidebar.selectbox("District", DISTRICTS, key="district", bind="query-params")
page.run()
