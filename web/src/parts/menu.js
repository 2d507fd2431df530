// Menus are <details class="menu">: here they close when one turns elsewhere, or by Escape.

function close(besides) {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(besides)) menu.open = false;
}

addEventListener("pointerdown", ({ target }) => close(target));
addEventListener("focusin", ({ target }) => close(target));
addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  document.querySelector("details.menu[open] > summary")?.focus();
  close(null);
});
