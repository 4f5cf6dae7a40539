"""A person without a mouse: tabs until what they look for has the focus, seeing at every step where they are."""

from browser import Window

SEEN = """() => {
    const shown = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const one = document.activeElement, drawn = one.closest('.option')?.querySelector('label');
    const place = (drawn ?? one).getBoundingClientRect();
    return (shown(getComputedStyle(one)) || (drawn && shown(getComputedStyle(drawn, '::before'))))
        && place.bottom > 0 && place.top < innerHeight;
}"""


class Keyboard:
    """The keys of a window. `stops` counts how often they moved the focus."""

    def __init__(self, window: Window) -> None:
        self.window, self.page = window, window.page
        self.inspector = window.context.new_cdp_session(window.page)
        self.stops = 0

    def focused(self) -> str:
        """The name of what has the focus, as it is told to those who listen."""
        found = self.inspector.send("Runtime.evaluate", {"expression": "document.activeElement"})
        node = {"objectId": found["result"]["objectId"], "fetchRelatives": False}
        [told] = self.inspector.send("Accessibility.getPartialAXTree", node)["nodes"]
        return " ".join(told.get("name", {}).get("value", "").split()).replace(" :", ":")

    def move(self, key: str = "Tab") -> str:
        """Go to the next place, or with Shift+Tab to the one before. Gives its name; none where the page ends."""
        self.page.keyboard.press(key)
        self.stops += 1
        if self.page.evaluate("document.activeElement === document.body"):
            return ""
        name = self.focused()
        assert name, f"nameless: {self.page.evaluate('document.activeElement.outerHTML')[:200]}"
        assert self.page.evaluate(SEEN), f"not seen to have the focus: {name}"
        return name

    def reach(self, name: str, key: str = "Tab") -> None:
        """Tab until something whose name begins like this has the focus, before the page ends."""
        passed = []
        while not (passed and passed[-1].startswith(name)):
            passed.append(self.move(key))
            assert passed[-1], f"{name} is not reached: {passed}"

    def skip(self) -> None:
        """Skip to the content, past everything that stands on every page."""
        if self.page.url.endswith("#content"):
            return  # Sending a form from there carries the place along to the next page.
        self.move()
        assert self.page.evaluate("document.activeElement.hash") == "#content"
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "content"

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def go(self, name: str, key: str = "Enter") -> None:
        """Tab to a link or a button, and use it."""
        self.reach(name)
        self.turn_page(key)

    def turn_page(self, key: str = "Enter") -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
