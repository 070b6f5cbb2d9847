month-1 = janv.
month-2 = févr.
month-3 = mars
month-4 = avr.
month-5 = mai
month-6 = juin
month-7 = juil.
month-8 = août
month-9 = sept.
month-10 = oct.
month-11 = nov.
month-12 = déc.
when-today = aujourd’hui
when-tomorrow = demain
when-yesterday = hier
when-in-days = { $count ->
    [one] dans { $count } jour
   *[other] dans { $count } jours
}
when-in-months = dans { $count } mois
when-in-years = dans plus de 2 ans
when-ago-days = { $count ->
    [one] il y a { $count } jour
   *[other] il y a { $count } jours
}
when-ago-months = il y a { $count } mois
when-ago-years = il y a plus de 2 ans
when-due-now = à faire maintenant
when-overdue-hours = { $count ->
    [one] en retard de { $count } heure
   *[other] en retard de { $count } heures
}
when-overdue-days = { $count ->
    [one] en retard de { $count } jour
   *[other] en retard de { $count } jours
}
when-overdue-months = en retard de { $count } mois
when-overdue-years = en retard de plus de 2 ans
age-years = { $years ->
    [one] { $years } an
   *[other] { $years } ans
}
age-about = { $years ->
    [one] environ { $years } an
   *[other] environ { $years } ans
}
nav-my-day = Ma journée
nav-cases = Cas
nav-people = Personnes
nav-inbox = Boîte de réception
nav-referrals = Référencements
nav-services = Services
nav-loop = Suivi de la boucle
nav-protection = Protection des données
nav-admin = Administration
sign-in-title = Connexion
sign-in-heading = Connexion
sign-in-login = Nom d’utilisateur
sign-in-password = Mot de passe
sign-in-go = Se connecter
sign-in-locked-out = Accès impossible ? Demandez un nouveau mot de passe à l’administrateur de votre organisation.
account-title = Mon compte
account-lang = Langue
account-digits = Chiffres
account-save = Enregistrer
account-saved = Enregistré.
account-change-password = Changer de mot de passe
account-sessions = Vos connexions en cours
account-device = Appareil
account-since = Depuis
account-seen = Dernière utilisation
account-end-sessions = Se déconnecter partout
account-end-sessions-what = Met fin à toutes vos connexions, celle-ci comprise.
password-title = Mot de passe
password-lead = Un nouveau mot de passe met fin à vos connexions sur les autres appareils.
password-old = Mot de passe actuel
password-new = Nouveau mot de passe
password-hint = Au moins 10 caractères. Trois ou quatre mots sans lien sont faciles à retenir et difficiles à deviner.
password-save = Changer de mot de passe
password-saved = Votre mot de passe est changé.
error-required = À remplir.
error-too-long = C’est trop long.
error-not-text = Ceci n’est pas du texte.
error-not-understood = Ceci n’a pas pu être compris.
error-not-a-choice = Choisissez une des réponses.
error-not-a-date = Écrivez une date comme 2026-11-24 ou 24/11/2026.
error-not-a-moment = Écrivez la date ainsi : 30/12/2026 14:00.
error-too-large = Ce fichier est trop volumineux.
error-sign-in = Le nom d’utilisateur ou le mot de passe est incorrect.
error-locked-down = Votre organisation est verrouillée. Jusqu’à la levée du verrouillage, seuls ses administrateurs peuvent se connecter.
error-password-short = Utilisez au moins 10 caractères.
error-password-common = Ce mot de passe est facile à deviner. Choisissez-en un autre.
error-password-wrong = Ce n’est pas votre mot de passe actuel.
error-page-not-found-heading = Introuvable
error-page-not-found-words = Il n’y a rien ici que vous puissiez voir. Si quelqu’un vous a envoyé cette adresse, demandez-lui de la vérifier.
error-page-forbidden-heading = Non autorisé
error-page-forbidden-words = Votre rôle ne le permet pas. Votre superviseur ou votre administrateur peut vous dire qui en a le droit.
error-page-in-for-task-heading = Pour une tâche seulement
error-page-in-for-task-words = Ce dossier vous a été ouvert pour une tâche qui vous a été confiée. Faites cette tâche ; la personne qui suit le dossier fait tout le reste.
error-page-forged-heading = Veuillez réessayer
error-page-forged-words = Ce formulaire est resté ouvert trop longtemps ou vient d’une autre page. Rien n’a été modifié. Revenez en arrière, rechargez la page et envoyez de nouveau.
error-page-invalid-heading = Il manque quelque chose
error-page-invalid-words = Une partie de l’envoi n’a pas pu être utilisée. Rien n’a été modifié. Revenez en arrière et vérifiez le formulaire.
error-page-too-large-heading = C’est trop en une fois
error-page-too-large-words = Rien n’a été modifié. Revenez en arrière, écrivez moins ou en plusieurs parties, puis envoyez à nouveau.
error-page-stale-heading = Ceci a changé entre-temps
error-page-stale-words = Cette fiche a été modifiée entre-temps, par une autre personne ou par vous dans une autre fenêtre. Rien de ce formulaire n’a été enregistré. Revenez en arrière, rechargez et vérifiez avant d’envoyer de nouveau.
error-page-state-heading = Ce n’est plus possible
error-page-slow-heading = Veuillez patienter
error-page-slow-words = { $seconds ->
    [one] Trop d’essais. Attendez { $seconds } seconde, puis réessayez.
   *[other] Trop d’essais. Attendez { $seconds } secondes, puis réessayez.
}
error-page-broken-heading = Un problème est survenu
error-page-broken-words = La faute est de notre côté. Rien n’a été modifié ; ce qui était enregistré est en sécurité. Réessayez dans un instant.
error-page-reference = Si vous demandez de l’aide, citez { $code }.
error-page-way-on = Aller à ma journée
error-page-back = Revenir où vous étiez
conflict-title = Quelqu’un a modifié ceci entre-temps
conflict-title-own = Vous avez modifié ceci entre-temps, dans une autre fenêtre
conflict-lead = Rien de ce que vous avez saisi n’est perdu. Choisissez pour chaque champ, puis enregistrez.
conflict-mine = Le mien
conflict-theirs = Enregistré entre-temps
conflict-empty = vide
conflict-save = Enregistrer les choix
conflict-save-mine = Enregistrer ce que j’ai saisi
conflict-keep-mine = Garder tous les miens
conflict-take-theirs = Prendre ce qui est enregistré
conflict-leave = Quitter sans enregistrer
conflict-by = Modifié par
conflict-join = Les deux, réunis à la main
conflict-by-hand = Réunis à la main, en partant du mien
conflict-untouched = Vous n’aviez pas touché à ceci. Ce qui a été enregistré entre-temps reste ; enregistrez ce que vous avez saisi à côté.
conflict-elsewhere = Ce qui a changé n’est pas dans ce formulaire. Regardez, puis enregistrez le vôtre.
conflict-look = Voir ce qui a changé
conflict-choose = Choisissez l’une de ces réponses.
error-page-typed = Ce que vous avez saisi
error-page-typed-what = Rien n’a été enregistré. Copiez-le d’ici si vous voulez le garder : il n’existe nulle part ailleurs.
conflict-yes = oui
conflict-no = non
error-page-full-heading = Rien ne peut être enregistré pour l’instant
error-page-full-words = Le disque de ce service est presque plein : rien de nouveau n’est écrit. La lecture continue. Prévenez la personne qui gère le service pour qu’elle fasse de la place, puis envoyez de nouveau.
error-look-again = Rien n’est encore enregistré. Relisez, puis envoyez de nouveau.
saved-already = C’était déjà enregistré, et rien n’a été fait deux fois. Pour faire la même chose une seconde fois, rouvrez la page.
nav-transfers = Transferts
nav-team = Équipe
paper-lang = Langue du papier
paper-safe = La personne dit qu’il est sûr de le porter et de le garder
error-safe-to-carry-first = Demandez à la personne s’il est sûr de le porter et de le garder, et cochez ; sinon, n’imprimez rien.
