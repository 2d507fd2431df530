// What anybody needs of a page that is on show: every control says what it is, text can be read
// against what lies behind it, headings and landmarks lead through. Output: findings as texts.
(() => {
    const findings = [];
    const say = (rule, one, more = "") => findings.push(
        `${rule}: ${one.outerHTML.replace(/\s+/g, " ").slice(0, 110)} ${more}`);
    const isSeen = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        && !one.closest(".hidden, .skip, [aria-hidden=true]");
    const all = (selector) => [...document.querySelectorAll(selector)].filter(isSeen);

    // Names: what a screen reader would say (accname 1.2, as far as the page uses it).
    const textOf = (one) => [...one.childNodes].map((node) => (
        node.nodeType === Node.TEXT_NODE ? node.data
            : node.nodeType !== Node.ELEMENT_NODE || node.ariaHidden === "true" ? ""
                : node.ariaLabel ?? node.alt ?? textOf(node))).join(" ").trim();
    const nameOf = (one) => (one.ariaLabel || textOf(one)
        || [...one.labels ?? []].map(textOf).join(" ") || one.title || "").trim();
    for (const one of all("a[href], button, summary, [role=button], [role=meter], [role=grid]"))
        if (!nameOf(one)) say("no name", one);
    for (const one of all("input, select, textarea"))
        if (!one.ariaLabel && ![...one.labels].some(textOf)) say("no label", one);
    for (const one of all("svg, img, canvas, table, [role=table], meter"))
        if (!nameOf(one) && !one.closest("[aria-hidden=true], .icon") && one.alt !== "")
            say("no text instead", one);

    // The whole page.
    if (!document.documentElement.lang) findings.push("no lang");
    if (!document.title.trim()) findings.push("no title");
    if (all("h1").length !== 1) findings.push(`${all("h1").length} headings h1`);
    for (const landmark of ["header", "nav", "main"])
        if (all(landmark).filter((one) => !one.parentElement.closest("main, dialog")).length !== 1)
            findings.push(`not one ${landmark}`);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    for (const id of new Set(ids))
        if (ids.filter((other) => other === id).length > 1) findings.push(`twice the id ${id}`);
    let level = 0;
    for (const one of all("h1, h2, h3, h4")) {
        if (Number(one.tagName[1]) > level + 1) say("a level of headings left out", one);
        level = Number(one.tagName[1]);
    }

    // Contrast (WCAG 2.1, 1.4.3), of colours as the browser computes them.
    const parse = (text) => {
        const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
        return { r, g, b, a };
    };
    const over = (top, below) => Object.fromEntries(["r", "g", "b"].map((channel) =>
        [channel, top[channel] * top.a + below[channel] * (1 - top.a)]).concat([["a", 1]]));
    const light = ({ r, g, b }) => [r, g, b].map((value) => value / 255).map((value) => (
        value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (one) => {
        if (!one) return { r: 255, g: 255, b: 255, a: 1 };
        const own = parse(getComputedStyle(one).backgroundColor);
        return own.a === 1 ? own : over(own, behind(one.parentElement));
    };
    const opacity = (one) => (one ? Number(getComputedStyle(one).opacity)
        * opacity(one.parentElement) : 1);
    const contrastOf = (one, colour) => {
        const ground = behind(one);
        const ink = parse(colour);
        const [a, b] = [light(over({ ...ink, a: ink.a * opacity(one) }, ground)), light(ground)];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const looked = new Set();
    while (walker.nextNode()) {
        const one = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || looked.has(one) || !isSeen(one)) continue;
        if (one.closest("noscript, title, option, :disabled")) continue;
        looked.add(one);
        const style = getComputedStyle(one);
        const size = parseFloat(style.fontSize);
        const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const contrast = contrastOf(one, one.closest("svg") ? style.fill : style.color);
        if (contrast < (isLarge ? 3 : 4.5)) say("contrast", one, contrast.toFixed(2));
    }
    for (const one of all("input[placeholder], textarea[placeholder]")) {
        const contrast = contrastOf(one, getComputedStyle(one, "::placeholder").color);
        if (contrast < 4.5) say("contrast of the placeholder", one, contrast.toFixed(2));
    }

    // Targets on a phone (WCAG 2.2, 2.5.8): 24 pixels, or as much room around; not links in text.
    if (innerWidth < 600) {
        const targets = all("a[href], button, summary, input, select, textarea").filter((one) =>
            getComputedStyle(one).display !== "inline" && !one.closest(".line"));
        const boxes = targets.map((one) => (one.matches("label input[type=checkbox]")
            ? one.closest("label") : one).getBoundingClientRect());
        targets.forEach((one, at) => {
            const { width, height, x, y } = boxes[at];
            if ((width >= 24 && height >= 24) || !width) return;
            const middle = [x + width / 2, y + height / 2];
            const isNear = boxes.some((box, other) => other !== at && box.width
                && Math.hypot(Math.max(box.left - middle[0], 0, middle[0] - box.right),
                    Math.max(box.top - middle[1], 0, middle[1] - box.bottom)) < 12);
            if (isNear) say("target", one, `${width.toFixed(0)} x ${height.toFixed(0)}`);
        });
    }
    return { findings: [...new Set(findings)], texts: looked.size };
})()
