"""Rules for passwords: 12 to 128 characters, not a common one, not made from the person's own name or address."""

from __future__ import annotations

from portal.core.problems import Problem

SHORTEST = 12
LONGEST = 128

# Long enough to pass the length rule, yet among the first a guesser tries.
COMMON = frozenset(
    """
    123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 111111111111 000000000000 012345678901
    123123123123 121212121212 112233445566 987654321098 abcdefghijkl abcdefghijklm abcd12345678 abc123456789 abcd1234abcd
    passwordpassword password1234 password12345 password123456 password2024 password2025 password2026 passw0rd1234
    p@ssw0rd1234 p@ssword1234 mypassword123 letmeinletmein letmein12345 qwertyuiop12 qwertyuiop123 qwertyuiopas
    qwertyuiop[] qwertyqwerty qwerty123456 qwerty1234567 1q2w3e4r5t6y 1qaz2wsx3edc 1qaz2wsx3edc4rfv q1w2e3r4t5y6 zaq12wsxcde3
    asdfghjkl123 asdfasdfasdf zxcvbnm12345 iloveyou1234 iloveyou5201314 woaini1314520 woaini520520 5201314520131 13145201314520
    welcome12345 welcome1234! administrator administrator1 admin1234567 admin12345678 adminadminadmin rootrootroot changeme1234
    changemechangeme trustno1trustno1 sunshine1234 superman1234 football1234 baseball1234 dragondragon monkeymonkey
    princess1234 computer1234 internet1234 whatever1234 unknown12345 testtesttest test12345678 supplier1234 upstream1234
    a1b2c3d4e5f6 aaaaaaaaaaaa aa123456789 qq123456789 a12345678901 aa1234567890 asd123456789 qwe123456789 zxc123456789
    """.split()
)


def judge_password(password: str, *, email: str, name: str) -> list[Problem]:
    """What is wrong with a new password; empty when it is good."""
    problems: list[Problem] = []
    if len(password) < SHORTEST:
        problems.append(Problem("password_short", values={"least": SHORTEST}))
    if len(password) > LONGEST:
        problems.append(Problem("password_long", values={"most": LONGEST}))
    lowered = password.lower()
    if lowered in COMMON or len(set(lowered)) < 4:
        problems.append(Problem("password_common"))
    own = [part for part in (email.split("@")[0].lower(), name.lower().replace(" ", "")) if len(part) >= 4]
    if any(
        lowered.replace(part, "") == "" or (part in lowered and len(lowered) - len(part) < 6) for part in own
    ):
        problems.append(Problem("password_personal"))
    return problems
