"""Pages of the footer: Aide, Accessibilité, Données personnelles, Mentions légales, État du service."""

import reflex as rx

from rxror.ror import parcours
from rxror.ror.parcours import ETAPES
from rxror.ror.typographie import fr
from rxror.settings import settings
from rxror.ui.layout import page, tete
from rxror.ui.pages.mes_donnees import contact_view

Partie = tuple[str, list[rx.Component]]


def aide_page() -> rx.Component:
    """The six steps, and the words that cause trouble."""
    return _page(
        "Aide",
        parcours.AIDE,
        (
            "Les six étapes",
            [
                _p("Une mise à jour par an au moins, pour chaque offre de l’établissement."),
                rx.el.ol(
                    *(rx.el.li(f"{libelle}.") for libelle in ETAPES.values()),
                    class_name="puces puces--numeros",
                ),
                _p("Établissement sanitaire : Établissement › Pôle › UF › Offre."),
                _p(
                    "Établissement médico-social : Établissement › Offre. Il n’y a pas d’UF : l’étape 3 est sans objet."
                ),
            ],
        ),
        (
            "« Enregistrer » n’est pas « Valider »",
            [
                _p(
                    "« Enregistrer » garde ce que vous avez saisi dans une section. Vos collègues le voient et peuvent "
                    "continuer, mais rien n’est publié : l’offre porte la mention « Enregistré, à valider »."
                ),
                _p(
                    "« Valider », en bas de l’offre, publie tout ce qui est enregistré, sur l’offre et sur ses lieux, "
                    "et met sa date à aujourd’hui."
                ),
            ],
        ),
        (
            "Aller vite",
            [
                _p(
                    "« Relecture » montre, du plus pressé au moins pressé, les faits à relire de chaque offre et de "
                    "ses lieux. « C’est à jour » dit que ce qui est montré est juste, le date, et passe à la fiche "
                    "suivante. Tous les trois ans au plus, la fiche est montrée en entier."
                ),
                _p(
                    "« Rien n’a changé », sur une UF, un pôle ou l’établissement, confirme plusieurs offres à la "
                    "fois : décochez celles qui ont changé. Vous pouvez revenir en arrière jusqu’à la fin de la "
                    "session."
                ),
                _p(
                    "« Capacités du site » réunit les lits et les places de tous les lieux. « Attestation de mise à "
                    "jour » garde la preuve de ce qui a été relu, par qui et quand ; elle ne vaut pas transmission au "
                    "ROR national."
                ),
            ],
        ),
        (
            "Les états d’une offre",
            [
                rx.el.dl(
                    _definition("À jour", "Validée depuis moins de dix mois."),
                    _definition("À revoir", "Validée depuis dix à douze mois : il est temps de la relire."),
                    _definition("En retard", "Validée depuis plus de douze mois."),
                    _definition("Jamais validée", "Créée, et pas encore publiée."),
                    _definition("Enregistré, à valider", "Un changement attend, sur l’offre ou sur l’un de ses lieux."),
                    _definition("Fermée", "Elle n’est plus à mettre à jour."),
                    class_name="faits",
                )
            ],
        ),
        (
            "Les lits, les places, les équipements",
            [
                _p(
                    "Ils se mettent à jour sur la page du lieu, qui s’ouvre depuis l’offre. Un lieu peut servir "
                    "plusieurs offres : ce que vous y changez change pour toutes."
                )
            ],
        ),
        (
            "Quelqu’un à qui parler",
            [
                _p(
                    "L’équipe du ROR de votre région (ARS ou GRADeS) répond aux questions sur l’offre à décrire. En "
                    "Occitanie, la fiche pratique donne cette adresse :"
                ),
                _lien("ror@esante-occitanie.fr", "mailto:ror@esante-occitanie.fr"),
            ],
        ),
    )


def accessibilite_page() -> rx.Component:
    """Declaration: without an audit, the honest word is « non conforme »."""
    return _page(
        "Accessibilité : non conforme",
        parcours.ACCESSIBILITE,
        (
            "État de conformité",
            [
                _p(
                    "rxror n’est pas conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1.2) : "
                    "aucun audit n’a encore été mené. Le travail est fait pour l’être, et vérifié à chaque changement "
                    "par des outils qui n’en couvrent qu’une part."
                )
            ],
        ),
        (
            "Ce qui est vérifié",
            [
                rx.el.ul(
                    rx.el.li(fr("axe-core sur chaque page, en clair et en sombre, sur téléphone et sur poste ;")),
                    rx.el.li(fr("tout le parcours au clavier, l’ordre et la visibilité du focus ;")),
                    rx.el.li(fr("320 pixels de large et texte à 200 %, sans défilement de côté ;")),
                    rx.el.li("cibles de 44 pixels, contrastes, couleurs forcées, mouvement réduit."),
                    class_name="puces",
                )
            ],
        ),
        ("Ce qui ne l’est pas encore", [_p("Les lecteurs d’écran et les téléphones réels, faute d’essais.")]),
        (
            "Un obstacle ?",
            [
                _p(
                    "Dites-le à la personne qui exploite ce service : elle doit vous répondre et vous donner "
                    "l’information autrement."
                ),
                _p(
                    "Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits : par formulaire en ligne, "
                    "par courrier gratuit (Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07), ou auprès "
                    "de son délégué dans votre département."
                ),
                _lien("Écrire au Défenseur des droits", "https://formulaire.defenseurdesdroits.fr/"),
            ],
        ),
    )


def donnees_page() -> rx.Component:
    """Personal data: what is kept of whom, why, how long, as the settings say."""
    return _page(
        "Données personnelles",
        parcours.DONNEES,
        (
            "Vos propres données",
            [
                _p("Une fois identifié, vous pouvez lire ce qui est gardé sur vous et en emporter le fichier."),
                rx.el.p(rx.el.a("Mes données", href=parcours.MES_DONNEES, class_name="bouton bouton--second")),
            ],
        ),
        ("Ce qui est gardé, de qui, pourquoi", _ce_qui_est_garde()),
        ("Combien de temps", _combien_de_temps()),
        (
            "Qui peut les lire",
            [
                _p(
                    "L’historique d’une offre : ceux qui ont un droit sur son établissement. Le journal de "
                    "l’établissement, avec les refus et les droits : ses référents. Et la personne qui exploite ce "
                    "service."
                )
            ],
        ),
        (
            "Les témoins de connexion",
            [
                _p(
                    "Un seul si vous vous connectez : il ne sert qu’à vous reconnaître pendant votre session. Un seul "
                    "si vous répondez par un lien personnel : il ne sert qu’à ce lien, 60 jours au plus. Aucune mesure "
                    "d’audience, aucun contenu venu d’un autre site : il n’y a rien à accepter ni à refuser."
                )
            ],
        ),
        (
            "Vos droits",
            [
                _p("Accès, rectification, limitation, opposition. L’accès et le fichier sont dans « Mes données »."),
                _p(
                    "Vous êtes cité comme contact d’une offre ? L’établissement corrige ou retire vos coordonnées : "
                    "demandez-le à son référent, ou à qui vous emploie."
                ),
                contact_view("Pour toute demande"),
                _p("Sans réponse satisfaisante sous un mois, vous pouvez saisir la CNIL."),
                _lien("Adresser une plainte à la CNIL", "https://www.cnil.fr/fr/plaintes"),
            ],
        ),
    )


def _ce_qui_est_garde() -> list[rx.Component]:
    return [
        rx.el.dl(
            _definition(
                "Des personnes qui se connectent",
                "Nom, prénom et identifiant donnés par Pro Santé Connect, pour savoir qui change quoi. Leurs droits : "
                "sur quels établissements, avec quel rôle, donnés par qui, jusqu’à quand.",
            ),
            _definition(
                "De leurs connexions",
                "Heure de début et de fin, navigateur, adresse du réseau, refus : pour leur sécurité.",
            ),
            _definition(
                "De leurs gestes",
                "Chaque enregistrement, validation, droit donné ou retiré : qui, quand, avant, après. C’est ce qui "
                "permet de revenir en arrière et de répondre de ce qui est publié.",
            ),
            _definition(
                "Des personnes invitées, ou qui demandent un accès",
                "L’adresse de courriel, pour l’invitation ou la réponse, et le motif de la demande.",
            ),
            _definition(
                "Des personnes à qui un morceau est confié par un lien",
                "Nom, adresse de courriel si le lien leur est envoyé, réponses, et ce qui en est repris.",
            ),
            _definition(
                "Des professionnels à joindre pour une offre",
                "Nom, fonction, téléphone et courriel, avec qui peut les voir : l’établissement les saisit pour le "
                "répertoire.",
            ),
            _definition(
                "Sur votre appareil",
                "Ce que vous avez saisi et qui n’est pas encore enregistré, dans votre navigateur, 30 jours au plus. "
                "Se déconnecter l’efface.",
            ),
            class_name="faits",
        ),
        _p(
            "Pourquoi : la mission d’intérêt public de décrire l’offre de soins et d’accompagnement, et la sécurité de "
            "ce service. Aucune donnée de patient n’a sa place ici."
        ),
    ]


def _combien_de_temps() -> list[rx.Component]:
    duree = settings()
    return [
        rx.el.dl(
            _definition(
                "Connexions, refus, courriels, invitations et demandes closes",
                f"{duree.conservation_technique_mois} mois.",
            ),
            _definition("Historique des offres et des droits", f"{duree.conservation_offres_mois} mois."),
            _definition("Attestation de mise à jour", f"{duree.conservation_attestations_mois} mois."),
            _definition("Session terminée", f"{duree.conservation_sessions_jours} jours."),
            _definition(
                "Brouillon laissé sans changement",
                f"{duree.conservation_brouillons_mois} mois, puis {duree.conservation_preavis_jours} jours de préavis, "
                "dit sur la page de l’offre.",
            ),
            class_name="faits",
        ),
        _p("Passé ce temps, une tâche efface, et laisse une ligne qui dit combien."),
    ]


def mentions_page() -> rx.Component:
    """What rxror is, and where its data come from."""
    return _page(
        "Mentions légales",
        parcours.MENTIONS,
        (
            "Ce qu’est rxror",
            [
                _p(
                    "Un outil libre, sous licence EUPL 1.2. Il n’est pas un service de l’État ni de l’Agence du "
                    "Numérique en Santé, et ne transmet rien au ROR national."
                )
            ],
        ),
        (
            "Sources et licences",
            [
                rx.el.ul(
                    rx.el.li(
                        "FINESS, ministère chargé de la Santé (DREES) / Agence du Numérique en Santé, extraction du "
                        "8 janvier 2021, via data.gouv.fr. Licence Ouverte 2.0. Fichier reconstitué."
                    ),
                    rx.el.li("Agence du Numérique en Santé, Nomenclatures des objets de santé (NOS)."),
                    rx.el.li(
                        "Code officiel géographique et populations (Insee), codes postaux (La Poste), via Etalab. "
                        "Licence Ouverte 2.0."
                    ),
                    rx.el.li("DREES, Statistique annuelle des établissements de santé 2023. Licence Ouverte."),
                    class_name="puces",
                ),
                _p("L’extrait de FINESS ne donne pas le nom des entités juridiques : la page le dit là où il manque."),
            ],
        ),
    )


def etat_page() -> rx.Component:
    """Whether the service answers, seen from this very page."""
    return _page(
        "État du service",
        parcours.ETAT,
        (
            "En ce moment",
            [
                rx.el.p(
                    rx.cond(
                        rx.State.is_hydrated,
                        fr("Cette page et le service se répondent : vous pouvez travailler."),
                        fr("Vérification… Si ce message reste, le service ne répond pas : réessayez dans une minute."),
                    ),
                    role="status",
                )
            ],
        ),
        (
            "En cas de coupure",
            [
                _p(
                    "Un bandeau le dit en haut de la page, et ce que vous avez saisi y reste. Ce qui porte la mention "
                    "« Enregistré » est gardé, quoi qu’il arrive."
                )
            ],
        ),
    )


def _page(titre: str, adresse: str, *parties: Partie) -> rx.Component:
    return page(
        tete(fr(titre)),
        *(rx.el.section(rx.el.h2(fr(nom)), *contenu, class_name="pile") for nom, contenu in parties),
        etroite=True,
        espacee=True,
        pret=True,
        menu=adresse,
    )


def _p(*contenu: str | rx.Component) -> rx.Component:
    return rx.el.p(*(fr(c) if isinstance(c, str) else c for c in contenu))


def _lien(texte: str, adresse: str) -> rx.Component:
    return rx.el.p(rx.el.a(texte, href=adresse, class_name="lien"))


def _definition(mot: str, sens: str) -> rx.Component:
    return rx.el.div(rx.el.dt(mot), rx.el.dd(fr(sens)))


PAGES = (
    (parcours.AIDE, aide_page, parcours.titre("Aide"), None),
    (parcours.ACCESSIBILITE, accessibilite_page, parcours.titre("Accessibilité : non conforme"), None),
    (parcours.DONNEES, donnees_page, parcours.titre("Données personnelles"), None),
    (parcours.MENTIONS, mentions_page, parcours.titre("Mentions légales"), None),
    (parcours.ETAT, etat_page, parcours.titre("État du service"), None),
)
