"""Our exceptions. What a référent reads is in `ror/messages.py`; these speak to the edge that shows it.

ErreurRxror
├── NonConnecte          no valid web session
├── AccesRefuse          no habilitation, or the object does not exist: the two look the same on purpose
├── ObjetFerme           what one wants to change is closed for good
│   └── ParentFerme      what one wants to create would hang under something closed
├── GesteRefuse          the person may do that gesture, and not this one: the sentence says why and what to do
├── SaisieInvalide       the event's payload is not what the page sends
├── Conflit              somebody else changed it since the page was opened
│   └── Depasse          … between the reading and the writing of this very gesture: reading again may settle it
├── CourrielIndisponible no mail can leave from here: nothing was done
├── ImpressionImpossible no document could be drawn: too big, too long, or too many at once
├── LienRefuse           a personal link that opens nothing (any more), or is asked what it does not give
└── ImportRefuse         a whole file cannot be trusted; nothing was written
"""


class ErreurRxror(Exception):
    """Root of our exceptions."""


class NonConnecte(ErreurRxror):
    """There is no valid web session behind the event."""


class AccesRefuse(ErreurRxror):
    """The acteur has no right on the object, or it does not exist."""

    def __init__(self, objet: str) -> None:
        """Keep the object asked for, e.g. "offre:76/0000001"."""
        super().__init__(objet)
        self.objet = objet


class ObjetFerme(ErreurRxror):
    """The object is closed for good: it is read, and changes no more before it is reopened."""


class ParentFerme(ObjetFerme):
    """What is created would hang under a structure that is closed, or is going to be."""


class GesteRefuse(ErreurRxror):
    """A gesture that its rules forbid; nothing is written, and the message, in French, is for who asked."""


class SaisieInvalide(ErreurRxror):
    """The payload does not have the shape the page sends: a forged or stale event."""


class Conflit(ErreurRxror):
    """What one acts on was changed by somebody else after the page was opened: read again first."""


class Depasse(Conflit):
    """A row was written by somebody else between its reading and its writing, in the same transaction."""


class CourrielIndisponible(ErreurRxror):
    """This service has no mail server: what needs a mail is not begun."""


class ImpressionImpossible(ErreurRxror):
    """A document could not be drawn; the word says why, for the log."""


class PresseOccupee(ImpressionImpossible):
    """Other documents are being drawn: this one may be asked for again in a moment."""


class LienRefuse(ErreurRxror):
    """A personal link cannot be used so; why is for the trace, never for who holds it.

    Attributes:
        motif: one word, e.g. "expire".
        lien_id: the link, when it is known.
    """

    def __init__(self, motif: str, lien_id: int | None = None) -> None:
        """Keep why, and which."""
        super().__init__(motif)
        self.motif, self.lien_id = motif, lien_id


class ImportRefuse(ErreurRxror):
    """A file is refused whole; the message says why and what to do."""
