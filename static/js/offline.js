// Shows the line that says so while the browser has no network.
const line = document.getElementById("offline");
const show = () => (line.hidden = navigator.onLine);

addEventListener("online", show);
addEventListener("offline", show);
show();
