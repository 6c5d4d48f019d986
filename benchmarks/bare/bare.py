"""The least a Streamlit board can be, to compare with: one filter, two pages, one bar chart each."""

import streamlit as st

DISTRICTS = ["all", "A", "B", "C"]
VALUES = {"all": [6, 9, 12], "A": [1, 2, 3], "B": [2, 3, 4], "C": [3, 4, 5]}


def first() -> None:
    st.title("First")
    st.bar_chart(VALUES[st.session_state["district"]])


def second() -> None:
    st.title("Second")
    st.bar_chart(VALUES[st.session_state["district"]])


st.set_page_config(page_title="bare", layout="wide")
page = st.navigation([st.Page(first, title="First", default=True), st.Page(second, title="Second", url_path="second")])
st.sidebar.selectbox("District", DISTRICTS, key="district", bind="query-params")
page.run()
