"""The server: Streamlit around taizhang/frame.py, with a health check and security headers.

Start it with `taizhang run`, or with `streamlit run app.py`. app.py is a server and not a page script, so
that Streamlit does not search pages/ by itself (it would show a page without the frame to whoever comes
first); the frame lists the pages.
"""

import streamlit as st

from taizhang import server

server.refuse_open_address()

app = st.App(server.FRAME, lifespan=server.say_address, routes=server.routes(), middleware=server.middleware())
