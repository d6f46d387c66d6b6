/* A preview below each Markdown field. The server renders it: what is shown here is what the pages show. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    for (const area of document.querySelectorAll("textarea.prodev-markdown")) {
        const details = document.createElement("details");
        const summary = document.createElement("summary");
        const pane = document.createElement("div");
        details.className = "prodev-preview";
        summary.textContent = area.dataset.previewLabel;
        pane.className = "prodev-rendered";
        pane.setAttribute("aria-live", "polite");
        details.append(summary, pane);
        area.insertAdjacentElement("afterend", details);

        let timer = 0;
        let asked = 0;
        const refresh = async () => {
            const turn = ++asked;
            const csrf = area.form.querySelector("[name=csrfmiddlewaretoken]").value;
            const body = new URLSearchParams({text: area.value, csrfmiddlewaretoken: csrf});
            try {
                const answer = await fetch(area.dataset.previewAddress, {
                    method: "POST",
                    credentials: "same-origin",
                    body,
                });
                if (!answer.ok) {
                    throw new Error(answer.statusText);
                }
                const html = await answer.text();
                if (turn === asked) {
                    pane.innerHTML = html;
                }
            } catch {
                if (turn === asked) {
                    pane.textContent = area.dataset.previewFailed;
                }
            }
        };
        details.addEventListener("toggle", () => details.open && refresh());
        area.addEventListener("input", () => {
            window.clearTimeout(timer);
            timer = window.setTimeout(() => details.open && refresh(), 400);
        });
    }
});
