// Leads to where one signs in once a session is over: its socket is closed with 1008, or not opened again and refused.
// Slides that stand before a room stay as they are: they need no server to be turned.
(() => {
  const Socket = window.WebSocket;
  let gone = false; // by a form of the page's own, which leads where it should
  addEventListener('submit', () => { gone = true; }, true);
  const leave = () => { if (!gone && !document.querySelector('dialog[open].tzs')) location.reload(); };
  window.WebSocket = class extends Socket {
    constructor(address, ...more) {
      super(address, ...more);
      let opened = false;
      this.addEventListener('open', () => { opened = true; });
      this.addEventListener('close', event => {
        if (event.code === 1008 && opened) leave();
        else if (!opened) {
          const health = String(address).replace(/^ws/, 'http').replace(/stream.*$/, 'health');
          fetch(health).then(answer => { answer.text(); if (answer.status === 401) leave(); }, () => {});
        }
      });
    }
  };
})();
