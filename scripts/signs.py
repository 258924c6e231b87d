"""Signs by which two texts look alike and are others: letters in parts (not NFC), and signs that no one sees.

Patterns are read alike by RE2 and Java. Joiners are part of words in the scripts of Asia, and of pictures made of two;
anywhere else no one sees them.
"""

import re
import unicodedata

# In the texts that hold none of these, Unicode has nothing to put together (UAX 15, NFC_Quick_Check) or to reorder.
COMPOSING = (
    r"[\p{M}\x{374}\x{37E}\x{387}\x{958}-\x{F69}\x{1161}-\x{11C2}\x{1F71}-\x{2001}\x{2126}-\x{232A}\x{2ADC}"
    r"\x{F900}-\x{FB4E}\x{1D15E}-\x{1D1C0}\x{2F800}-\x{2FA1D}]"
)
# Controls, but for tab and line ends, which have rules of their own; format signs; fillers; ends of lines.
HIDDEN = (
    r"\x{1}-\x{8}\x{B}\x{C}\x{E}-\x{1F}\x{7F}-\x{9F}\x{AD}\x{34F}\x{61C}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180E}\x{200B}"
    r"\x{200E}\x{200F}\x{2028}-\x{202E}\x{2060}-\x{206F}\x{3164}\x{FEFF}\x{FFA0}\x{FFF9}-\x{FFFB}\x{1BCA0}-\x{1BCA3}"
    r"\x{1D173}-\x{1D17A}\x{E0000}-\x{E0FFF}"
)
MOST = 4  # signs of which Unicode makes one
JOINERS = r"[\x{200C}\x{200D}]"
JOINED = r"\x{600}-\x{109F}\x{1780}-\x{18AF}\x{2600}-\x{27BF}\x{FE0F}\x{1F000}-\x{1FAFF}"  # what may stand before one
UNSEEN = rf"[{HIDDEN}]|(?:^|[^{JOINED}]){JOINERS}"


def _python(pattern: str) -> str:
    return re.sub(r"\\x\{([0-9A-F]+)\}", lambda code: re.escape(chr(int(code[1], 16))), pattern)


FOUND = re.compile(_python(rf"[{HIDDEN}]|(?<![{JOINED}]){JOINERS}"))


def code(sign: str) -> str:
    """Return a character by number and name, as `U+200B ZERO WIDTH SPACE`."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip()


def unseen(text: str) -> str:
    """Return the first sign of a text that no one sees, by number and name; '' where there is none."""
    found = FOUND.search(text)
    return code(found[0]) if found else ""


def in_parts(text: str) -> str:
    """Return the first letter of a text that is written in parts, by numbers, and how NFC has it; '' where none is."""
    whole = unicodedata.normalize("NFC", text)
    place = next((at for at, (sign, one) in enumerate(zip(text, whole, strict=False)) if sign != one), None)
    if place is None:
        return ""
    ends = range(place + 1, place + MOST + 1)
    end = next((end for end in ends if unicodedata.normalize("NFC", text[place:end]) == whole[place]), place + 1)
    written = " ".join(f"U+{ord(sign):04X}" for sign in text[place:end])
    return f"`{whole[place]}` as {written}, not U+{ord(whole[place]):04X}"


def plain(text: str) -> str:
    """Return what makes two labels one: NFC, one blank between words, no sign that no one sees."""
    bare = FOUND.sub(lambda sign: " " if sign[0].isspace() else "", text)
    return unicodedata.normalize("NFC", " ".join(bare.split()))
