notifications-title = إشعاراتي
notifications-read-all = تعليم الكل كمقروء
notifications-preferences = اختيار ما يُبلَّغ به
notifications-filters = تصفية
notifications-none = لا شيء هنا
notifications-none-next = يصلك هنا ما ينبغي أن تعلم به: ردّ على إحالة، أو حالة أُسندت إليك.
notifications-new = جديد
notifications-open = فتح
notifications-unread = غير المقروءة
notifications-group-urgent = عاجل
notifications-group-referrals = الإحالات
notifications-group-cases = الحالات
notifications-all-read = عُلِّم الكل كمقروء.
notifications-preferences-lead = تصل الإشعارات العاجلة دائمًا: سلامة شخص، أو موعد نهائي فات، أو موافقة سُحبت.
notifications-hear = إبلاغي عندما
notification-break-glass-used = استُخدم الوصول الطارئ
notification-case-safety-action-missing = لم يُسجَّل إجراء أمان في الوقت المحدد
notification-worker-threat-logged = تعرّض أحد العاملين لتهديد
notification-consent-withdrawn = سُحبت الموافقة: يجب إيقاف المشاركة
notification-packet-deletion-asked = يجب إيقاف استخدام ما شورك معك وحذفه
notification-referral-escalated = فات الموعد النهائي لإحالة
notification-referral-in-review = مسودة إحالة تنتظر مراجعتك
notification-referral-returned = أُعيدت إليك مسودة إحالتك
notification-referral-approved = اعتُمدت مسودة إحالتك
notification-referral-submitted = وصلت إحالة
notification-referral-assigned = أُسندت إليك إحالة
notification-referral-acknowledged = تأكّد استلام إحالتك
notification-referral-accepted = قُبلت إحالتك
notification-referral-declined = رُفضت إحالتك
notification-referral-held = إحالة قيد الانتظار أو معلّقة
notification-referral-started = بدأت الخدمة
notification-referral-scheduled = حُدّد موعد أو تغيّر
notification-referral-noted = هناك جديد في إحالة
notification-referral-completed = قُدّمت الخدمة
notification-referral-taken-over = جرى تسلّم الحالة
notification-referral-failed = تعذّر تقديم الخدمة
notification-referral-cancelled = أُلغيت إحالة
notification-referral-cancellation-asked = تطلب الجهة المُحيلة إلغاء إحالة
notification-referral-entered-in-error = أُرسلت إحالة بالخطأ
notification-referral-amended = أُضيفت معلومات إلى إحالة
notification-letter-dropped = أُوقف خطاب ولم يُرسل
notification-referral-message = رسالة بشأن إحالة
notification-referral-loop-moved = سُئل عن تلقّي الخدمة أو تأكّد تلقّيها
notification-referral-reminder = يقترب الموعد النهائي لإحالة
notification-referral-due = حلّ الموعد النهائي لإحالة
notification-case-assigned = أُسندت إليك حالة
notification-case-reclassified = تغيّر نوع إحدى حالاتك
notification-case-reopened = أُعيد فتح إحدى حالاتك
notification-case-risk-set = حُدّد مستوى خطورة
notification-case-safety-action = سُجّل إجراء أمان
notifications-group-tasks = المهام
notification-task-added = مهمة جديدة لك
notification-task-assigned = أُسندت إليك مهمة
notification-task-overdue = مهمة متأخرة
notifications-by-due = حسب الموعد النهائي
notifications-programmes = البرنامج
notifications-due-soon = المتأخرة والشهر القادم
notifications-due-newest = الأحدث أولًا
notifications-due-overdue = متأخرة
notifications-due-today = اليوم
notifications-due-week = الأيام السبعة القادمة
notifications-due-month = الشهر القادم
notifications-due-all = الكل
notifications-due-done = منجزة
notifications-part-overdue = متأخرة
notifications-part-due = لها موعد نهائي
notifications-part-undated = للعلم
notifications-mark-done = تعليم كمنجز
notifications-not-done = لم يُنجز بعد
notifications-marked = عُلّم كمنجز.
notifications-unmarked = عاد إلى قائمة انتظارك.
digest-question = رسالة تخبر بقدر ما ينتظر
digest-hint = تُرسل إلى { $address } صباح يوم عمل حين ينتظر شيء. فيها أرقام فقط، بلا أسماء ولا رموز. وتتوقف إذا تغيّر عنوانك.
digest-no-address = ليس لك عنوان بريد هنا؛ يمكن لإدارة النظام إضافته. حتى ذلك الحين لا يُرسل إليك شيء.
digest-never = أبدًا
digest-daily = كل يوم عمل
digest-weekly = في أول يوم عمل من الأسبوع
digest-subject = ما ينتظرك
digest-greeting = صباح الخير. ينتظرك ما يلي:
digest-overdue = مهام متأخرة: { $count }
digest-today = مهام اليوم: { $count }
digest-inbox = مهام في وحدتك لم يتولَّها أحد: { $count }
digest-answers = إحالات تنتظر ردًا: { $count }
digest-unread = إشعارات غير مقروءة: { $count }
digest-sign-in = للاطّلاع يُرجى تسجيل الدخول:
digest-end = اخترت تلقي هذه الرسالة. يمكنك تغيير ذلك في الإشعارات، «اختيار ما يُبلَّغ به».
error-address-changed = تغيّر عنوانك في الأثناء. يُرجى النظر في الجديد ثم الاختيار من جديد.
notification-case-transferred = سُلّمت إليك حالة
notification-case-transferred-away = تولّت جهة أخرى إحدى حالاتك
notification-away-where = { $cases }، وهي الآن لدى { $to }
notification-transfer-submitted = طلب نقل بانتظار قرارك
notification-transfer-approved = وُوفق على طلب النقل
notification-transfer-rejected = رُفض طلب النقل
notification-transfer-ended = انتهت عملية نقل لك
notification-transfer-unattended = طلب نقل ينتظر، ولا يحق لأحد هناك البتّ فيه
notification-supervision-planned = خُطّطت جلسة إشراف معك
notification-supervision-called-off = أُلغيت جلسة إشراف معك
notification-conference-shared = شورك محضر مؤتمر مع منظمتك
notification-conference-called-off = مؤتمر دُعيت إليه منظمتك لن يجري
notification-cover-started = { $count ->
    [zero] نيابتك عن زميل/ة حتى { $day }: لا حالات
    [one] نيابتك عن زميل/ة حتى { $day }: حالة واحدة
    [two] نيابتك عن زميل/ة حتى { $day }: حالتان
    [few] نيابتك عن زميل/ة حتى { $day }: { $count } حالات
    [many] نيابتك عن زميل/ة حتى { $day }: { $count } حالة
   *[other] نيابتك عن زميل/ة حتى { $day }: { $count } حالة
}
notification-cover-started-for-you = { $count ->
    [zero] نيابة زميل/ة عنك حتى { $day }: لا حالات
    [one] نيابة زميل/ة عنك حتى { $day }: حالة واحدة
    [two] نيابة زميل/ة عنك حتى { $day }: حالتان
    [few] نيابة زميل/ة عنك حتى { $day }: { $count } حالات
    [many] نيابة زميل/ة عنك حتى { $day }: { $count } حالة
   *[other] نيابة زميل/ة عنك حتى { $day }: { $count } حالة
}
notification-cover-for-good = { $count ->
    [zero] في عهدتك من الآن حالات زميل/ة: لا حالات
    [one] في عهدتك من الآن حالات زميل/ة: حالة واحدة
    [two] في عهدتك من الآن حالات زميل/ة: حالتان
    [few] في عهدتك من الآن حالات زميل/ة: { $count } حالات
    [many] في عهدتك من الآن حالات زميل/ة: { $count } حالة
   *[other] في عهدتك من الآن حالات زميل/ة: { $count } حالة
}
notification-cover-for-good-for-you = { $count ->
    [zero] حالاتك من الآن في عهدة زميل/ة: لا حالات
    [one] حالاتك من الآن في عهدة زميل/ة: حالة واحدة
    [two] حالاتك من الآن في عهدة زميل/ة: حالتان
    [few] حالاتك من الآن في عهدة زميل/ة: { $count } حالات
    [many] حالاتك من الآن في عهدة زميل/ة: { $count } حالة
   *[other] حالاتك من الآن في عهدة زميل/ة: { $count } حالة
}
notification-cover-ended = { $count ->
    [zero] انتهت نيابتك عن زميل/ة، ما أُعيد: لا حالات
    [one] انتهت نيابتك عن زميل/ة، ما أُعيد: حالة واحدة
    [two] انتهت نيابتك عن زميل/ة، ما أُعيد: حالتان
    [few] انتهت نيابتك عن زميل/ة، ما أُعيد: { $count } حالات
    [many] انتهت نيابتك عن زميل/ة، ما أُعيد: { $count } حالة
   *[other] انتهت نيابتك عن زميل/ة، ما أُعيد: { $count } حالة
}
notification-cover-ended-for-you = { $count ->
    [zero] انتهت النيابة عنك، ما عاد إليك: لا حالات
    [one] انتهت النيابة عنك، ما عاد إليك: حالة واحدة
    [two] انتهت النيابة عنك، ما عاد إليك: حالتان
    [few] انتهت النيابة عنك، ما عاد إليك: { $count } حالات
    [many] انتهت النيابة عنك، ما عاد إليك: { $count } حالة
   *[other] انتهت النيابة عنك، ما عاد إليك: { $count } حالة
}
notification-cover-referrals = { $count ->
    [zero] لا إحالات واردة
    [one] إحالة واردة واحدة
    [two] إحالتان واردتان
    [few] { $count } إحالات واردة
    [many] { $count } إحالة واردة
   *[other] { $count } إحالة واردة
}
notification-draft-discarded = حُذفت مسودة إحالة: تولّت جهة أخرى حالتها
notification-assessment-submitted = تقييم بانتظار الموافقة
notification-assessment-approved = تمت الموافقة على تقييم في إحدى حالاتك
notification-assessment-returned = أُعيد تقييم في إحدى حالاتك للتصحيح
notification-quality-reviewed = رُوجعت إحدى حالاتك
notification-plan-submitted = خطة تنتظر الاعتماد
notification-plan-approved = اعتُمدت خطة لإحدى حالاتك
notification-plan-returned = أُعيدت خطة لإحدى حالاتك
notification-closing-approved = تمت الموافقة على الإغلاق الذي طلبته
notification-closing-returned = أُعيد الإغلاق الذي طلبته
notification-correction-answered = البتّ في تصحيح مقترح منك
notification-plan-words-replaced = حلّت كلمات زميل/ة محل كلماتك في خطة؛ كلماتك محفوظة هناك
notification-task-handed = طلب إنجاز مهمة من زميل/ة
notification-task-handed-back = عادت إليك مهمة
notification-task-handed-done = أُنجزت مهمة سلّمتها
notification-approval-due-soon = موعد اعتماد قريب
notification-approval-escalated = تأخر اعتماد فرُفع إلى مستوى أعلى
notification-letter-lost = عاد خطاب: لم تصل نسختهم
notifications-mailed = في البريد أيضًا
notifications-mailed-hint = «في البريد أيضًا» تحدّد ما يَعدّه البريد الذي يخبر بقدر ما ينتظر ضمن غير المقروء. لا يَعدّ ما لا يصل إليك هنا؛ أما العاجل والمهام والإحالات المنتظرة فيَعدّها دائمًا.
