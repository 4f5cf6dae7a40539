"""Which red lines a purchase touches: those ticked, and those its use of biometrics implies."""

from rules.assessment import Assessment

# The rule of the tiers: live identification for policing, and reading emotions at work or in education,
# touch these lines even where nobody ticked them.
IMPLIED = {"remote_realtime": "realtime_rbi", "emotion": "emotion_work_education"}


def red_lines_touched(assessment: Assessment) -> tuple[str, ...]:
    """The red lines behind a stop, in the order of the question; empty where none is touched."""
    reading = assessment.reading
    touched = {line for line in reading.chosen("red_lines") or () if line != "none"}
    grounds = reading.named_condition("fact", "red_line").grounds(reading)
    if reading.named("fact", "red_line") is True and any(ground.question == "biometrics" for ground in grounds):
        touched |= {IMPLIED[use] for use in reading.chosen("biometrics") or () if use in IMPLIED}
    return tuple(line for line in reading.library.questions["red_lines"].options if line in touched)
