notifications-title = Mes notifications
notifications-read-all = Tout marquer comme lu
notifications-preferences = Choisir ce que je veux savoir
notifications-filters = Filtrer
notifications-none = Rien ici
notifications-none-next = Vous êtes averti·e ici de ce que vous devez savoir : une réponse à un référencement, un cas qui vous est attribué.
notifications-new = Nouveau
notifications-open = Ouvrir
notifications-unread = Non lues
notifications-group-urgent = Urgent
notifications-group-referrals = Référencements
notifications-group-cases = Cas
notifications-all-read = Tout est marqué comme lu.
notifications-preferences-lead = Les notifications urgentes arrivent toujours : la sécurité de quelqu’un, une échéance manquée, un consentement retiré.
notifications-hear = M’avertir quand
notification-break-glass-used = L’accès d’urgence a été utilisé
notification-case-safety-action-missing = Aucune action de sécurité n’a été consignée à temps
notification-worker-threat-logged = Un·e membre du personnel a été menacé·e
notification-consent-withdrawn = Consentement retiré : cessez de partager
notification-packet-deletion-asked = Cessez d’utiliser et supprimez ce qui a été partagé
notification-referral-escalated = L’échéance d’un référencement est dépassée
notification-referral-in-review = Un brouillon de référencement attend votre examen
notification-referral-returned = Votre brouillon de référencement vous a été renvoyé
notification-referral-approved = Votre brouillon de référencement a été approuvé
notification-referral-submitted = Un référencement est arrivé
notification-referral-assigned = Un référencement vous a été attribué
notification-referral-acknowledged = Réception de votre référencement accusée
notification-referral-accepted = Votre référencement a été accepté
notification-referral-declined = Votre référencement a été refusé
notification-referral-held = Un référencement est en attente
notification-referral-started = Le service a commencé
notification-referral-scheduled = Un rendez-vous a été fixé ou modifié
notification-referral-noted = Il y a du nouveau sur un référencement
notification-referral-completed = Le service a été rendu
notification-referral-taken-over = Le cas a été repris
notification-referral-failed = Le service n’a pas pu être rendu
notification-referral-cancelled = Un référencement a été annulé
notification-referral-cancellation-asked = L’expéditeur demande l’annulation d’un référencement
notification-referral-entered-in-error = Un référencement a été envoyé par erreur
notification-referral-amended = Un référencement a été complété
notification-letter-dropped = Un courrier a été retenu et n’est pas parti
notification-referral-message = Un message sur un référencement
notification-referral-loop-moved = La réception du service a été demandée ou confirmée
notification-referral-reminder = Un référencement arrive bientôt à échéance
notification-referral-due = Un référencement arrive à échéance
notification-case-assigned = Un cas vous a été attribué
notification-case-reclassified = L’un de vos cas a changé de type
notification-case-reopened = L’un de vos cas a été rouvert
notification-case-risk-set = Un niveau de risque a été fixé
notification-case-safety-action = Une action de sécurité a été consignée
notifications-group-tasks = Tâches
notification-task-added = Une nouvelle tâche pour vous
notification-task-assigned = Une tâche vous a été confiée
notification-task-overdue = Une tâche est en retard
notifications-by-due = Par échéance
notifications-programmes = Programme
notifications-due-soon = En retard et mois à venir
notifications-due-newest = Les plus récentes
notifications-due-overdue = En retard
notifications-due-today = Aujourd’hui
notifications-due-week = 7 prochains jours
notifications-due-month = Mois à venir
notifications-due-all = Toutes
notifications-due-done = Traitées
notifications-part-overdue = En retard
notifications-part-due = À échéance
notifications-part-undated = Pour information
notifications-mark-done = Marquer comme traitée
notifications-not-done = Pas encore traitée
notifications-marked = Marquée comme traitée.
notifications-unmarked = Elle vous attend de nouveau.
digest-question = Un message qui dit combien de choses attendent
digest-hint = Il part à { $address } le matin d’un jour ouvré quand quelque chose attend. Il ne contient que des nombres : ni noms ni codes. Si votre adresse change, il cesse.
digest-no-address = Vous n’avez pas d’adresse ici ; un administrateur peut l’ajouter. D’ici là rien ne vous est envoyé.
digest-never = Jamais
digest-daily = Chaque jour ouvré
digest-weekly = Le premier jour ouvré de la semaine
digest-subject = Ce qui vous attend
digest-greeting = Bonjour. Voici ce qui vous attend :
digest-overdue = tâches en retard : { $count }
digest-today = tâches du jour : { $count }
digest-inbox = tâches de votre unité que personne n’a prises : { $count }
digest-answers = référencements qui attendent une réponse : { $count }
digest-unread = notifications non lues : { $count }
digest-sign-in = Connectez-vous pour les voir :
digest-end = Vous avez choisi de recevoir ce message. Pour changer : Notifications, « Choisir ce que je veux savoir ».
error-address-changed = Votre adresse a changé entre-temps. Voyez la nouvelle, puis choisissez de nouveau.
notification-case-transferred = Un cas vous a été transmis
notification-case-transferred-away = Un de vos cas a été repris ailleurs
notification-away-where = { $cases }, maintenant chez { $to }
notification-transfer-submitted = Un transfert attend votre décision
notification-transfer-approved = Votre demande de transfert est acceptée
notification-transfer-rejected = Votre demande de transfert est refusée
notification-transfer-ended = Un de vos transferts est terminé
notification-transfer-unattended = Une demande de transfert attend, et personne là-bas ne peut la trancher
notification-supervision-planned = Une séance de supervision avec vous est prévue
notification-supervision-called-off = Une séance de supervision avec vous est annulée
notification-conference-shared = Le compte rendu d’une conférence a été partagé avec votre organisation
notification-conference-called-off = Une conférence à laquelle votre organisation était invitée n’a pas lieu
notification-cover-started = { $count ->
    [0] Vous remplacez un·e collègue jusqu’au { $day }. Il n’y a pas encore de cas
    [one] Vous remplacez un·e collègue jusqu’au { $day } : { $count } cas
   *[other] Vous remplacez un·e collègue jusqu’au { $day } : { $count } cas
}
notification-cover-started-for-you = { $count ->
    [0] Un·e collègue vous remplace jusqu’au { $day }. Il n’y a pas encore de cas
    [one] Un·e collègue vous remplace jusqu’au { $day } : { $count } cas
   *[other] Un·e collègue vous remplace jusqu’au { $day } : { $count } cas
}
notification-cover-for-good = { $count ->
    [one] Vous suivez désormais les cas d’un·e collègue : { $count } cas
   *[other] Vous suivez désormais les cas d’un·e collègue : { $count } cas
}
notification-cover-for-good-for-you = { $count ->
    [one] Un·e collègue suit désormais vos cas : { $count } cas
   *[other] Un·e collègue suit désormais vos cas : { $count } cas
}
notification-cover-ended = { $count ->
    [one] Vous ne remplacez plus de collègue : { $count } cas rendu
   *[other] Vous ne remplacez plus de collègue : { $count } cas rendus
}
notification-cover-ended-for-you = { $count ->
    [one] Votre remplacement est terminé : { $count } cas vous revient
   *[other] Votre remplacement est terminé : { $count } cas vous reviennent
}
notification-cover-referrals = { $count ->
    [one] { $count } référencement reçu
   *[other] { $count } référencements reçus
}
notification-draft-discarded = Un brouillon de référencement a été supprimé : son cas a été repris ailleurs
notification-assessment-submitted = Une évaluation attend l’approbation
notification-assessment-approved = L’évaluation d’un de vos cas a été approuvée
notification-assessment-returned = L’évaluation d’un de vos cas a été renvoyée
notification-quality-reviewed = Un de vos dossiers a été revu
notification-plan-submitted = Un plan attend l’approbation
notification-plan-approved = Un plan d’un de vos dossiers a été approuvé
notification-plan-returned = Un plan d’un de vos dossiers a été renvoyé
notification-plan-words-replaced = Un collègue a mis d’autres mots à la place des vôtres dans un plan ; les vôtres y sont conservés
notification-closing-approved = La clôture que vous avez demandée a été approuvée
notification-closing-returned = La clôture que vous avez demandée a été renvoyée
notification-correction-answered = Une correction que vous aviez proposée a été acceptée ou renvoyée
notification-task-handed = Un·e collègue vous confie une tâche
notification-task-handed-back = Une tâche vous est rendue
notification-task-handed-done = Une tâche que vous avez confiée est faite
notification-approval-due-soon = Une approbation arrive à échéance
notification-approval-escalated = Une approbation en retard est passée à l’échelon supérieur
notification-letter-lost = Un courrier est revenu : leur copie n’est jamais arrivée
notifications-mailed = Aussi par courriel
notifications-mailed-hint = « Aussi par courriel » choisit ce que le courriel qui dit combien de choses attendent compte comme non lu. Il ne compte rien de ce que vous n’apprenez pas ici ; il compte toujours ce qui est urgent, ainsi que les tâches et les référencements qui attendent.
