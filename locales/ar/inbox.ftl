# الجانب المستقبِل من الإحالات: الوارد والردود والمتابعة واللوحة.
inbox-title = صندوق الوارد
inbox-lead = ما يحتاجه الآخرون منا، والأكثر إلحاحًا أولًا.
inbox-shelves = عرض
inbox-shelf-all = الكل
inbox-shelf-new = جديدة
inbox-shelf-waiting = قيد الانتظار
inbox-shelf-scheduled = محدد لها موعد
inbox-shelf-in-progress = قيد التنفيذ
inbox-shelf-overdue = متأخرة
inbox-shelf-mine = المسندة إليّ
inbox-referral = الإحالة
inbox-need = الاحتياج
inbox-from = محال من
inbox-due = الموعد النهائي
inbox-answer = الرد
inbox-shown = { $count ->
    [zero] لا توجد إحالات معروضة
    [one] إحالة واحدة معروضة
    [two] إحالتان معروضتان
    [few] { $count } إحالات معروضة
    [many] { $count } إحالة معروضة
   *[other] { $count } إحالة معروضة
}
inbox-empty = لا شيء في الانتظار هنا
inbox-empty-next = تظهر هنا الإحالات الجديدة إلى وحدتك. يُرجى تحديث القدرة الاستيعابية ليعرف الآخرون ما يمكن استقباله.
inbox-empty-shelf-next = الاطّلاع على جميع الإحالات في صندوق الوارد.
inbox-confidential-need = خدمة سرية
inbox-priority-emergency = طارئة
inbox-priority-urgent = عاجلة
inbox-priority-normal = عادية
inbox-status-rejected = مرفوضة
inbox-status-completed = قُدّمت الخدمة
inbox-status-failed = تعذّر التنفيذ
inbox-status-cancelled = ملغاة
inbox-status-entered-in-error = أُرسلت بالخطأ
inbox-step-writing = قيد الكتابة
inbox-step-in-review = قيد المراجعة
inbox-step-returned = أُعيدت
inbox-step-approved = معتمدة
inbox-step-discarded = مستبعدة
inbox-step-sent = مُرسلة
inbox-step-copy-lost = عاد الخطاب
inbox-step-acknowledged = تأكّد الاستلام
inbox-step-assigned = مقبولة، دون موعد بعد
inbox-step-scheduled = حُدد موعد
inbox-step-rescheduled = نُقل الموعد
inbox-step-no-show = لم يحضر
inbox-step-appointment-cancelled = أُلغي الموعد
inbox-step-started = بدأت الخدمة
inbox-step-visit-completed = تمت الزيارة
inbox-step-waitlisted = على قائمة الانتظار
inbox-step-person-unreachable = تعذّر الوصول إلى الشخص
inbox-step-cancellation-requested = طُلب الإلغاء
inbox-step-ended = منتهية
inbox-appointment-at = الموعد { $when }
inbox-expected-on = يُتوقع توفر مكان { $date }
inbox-capacity = ما يمكننا استقباله
inbox-no-services = لا توجد بعد خدمة في الدليل مرتبطة بهذا الصندوق. يُرجى الطلب من إدارة النظام تحديد الوحدة لدى الخدمة.
inbox-not-accepting = لا تستقبل حاليًا
inbox-full = مكتملة
inbox-places-free = { $count ->
    [zero] لا أماكن شاغرة
    [one] مكان واحد شاغر
    [two] مكانان شاغران
    [few] { $count } أماكن شاغرة
    [many] { $count } مكانًا شاغرًا
   *[other] { $count } مكان شاغر
}
inbox-places-unknown = الأماكن غير محددة
inbox-waiting-days = { $count ->
    [zero] دون انتظار
    [one] انتظار نحو يوم واحد
    [two] انتظار نحو يومين
    [few] انتظار نحو { $count } أيام
    [many] انتظار نحو { $count } يومًا
   *[other] انتظار نحو { $count } يوم
}
inbox-waiting-months = { $count ->
    [one] انتظار نحو شهر واحد
    [two] انتظار نحو شهرين
    [few] انتظار نحو { $count } أشهر
    [many] انتظار نحو { $count } شهرًا
   *[other] انتظار نحو { $count } شهر
}
inbox-waiting-years = انتظار أكثر من سنتين
inbox-claim = تولّيها
inbox-assign = إسناد إلى زميل/ة
inbox-assign-to = الزميل/ة
inbox-accept = قبول
inbox-decline = رفض
inbox-decline-go = رفض الإحالة
inbox-reason = السبب
inbox-remark = بكلمات قليلة ودون أسماء
answer-title-acknowledgement = تأكيد الاستلام
answer-lead-acknowledgement = ترى الجهة المُحيلة أن الإحالة وصلت.
answer-go-acknowledgement = تأكيد الاستلام
answer-done-acknowledgement = تم تأكيد الاستلام.
answer-title-acceptance = قبول الإحالة
answer-lead-acceptance = تتولى منظمتك خدمة الشخص، ويُفتح الآن ما شاركته الجهة المُحيلة.
answer-go-acceptance = قبول الإحالة
answer-done-acceptance = قُبلت الإحالة.
answer-title-decline = رفض الإحالة
answer-lead-decline = تعرف الجهة المُحيلة السبب وتُعرض عليها خدمات أخرى للشخص.
answer-go-decline = رفض الإحالة
answer-done-decline = رُفضت الإحالة.
answer-title-waiting = إضافة إلى قائمة الانتظار
answer-lead-waiting = يحتفظ الشخص بدوره. يُذكر متى يُتوقع توفر مكان.
answer-go-waiting = إضافة إلى قائمة الانتظار
answer-done-waiting = الشخص على قائمة الانتظار.
answer-title-hold = تعذّر الوصول إلى الشخص
answer-lead-hold = تُعلّق الإحالة ويُطلب من الجهة المُحيلة المساعدة.
answer-go-hold = تعليق
answer-done-hold = الإحالة معلّقة إلى حين الوصول إلى الشخص.
answer-title-appointment = تحديد موعد أو نقله
answer-lead-appointment = تبقى المواعيد السابقة في السجل.
answer-go-appointment = حفظ الموعد
answer-done-appointment = حُدد الموعد.
answer-title-no-show = لم يحضر الشخص
answer-lead-no-show = يمكن تحديد موعد آخر. لا يفقد أحد الخدمة بسبب التغيّب مرة.
answer-go-no-show = تسجيل عدم الحضور
answer-done-no-show = تم التسجيل. يُستحسن عرض موعد آخر.
answer-title-appointment-cancellation = إلغاء الموعد
answer-lead-appointment-cancellation = تبقى الإحالة مقبولة ويمكن تحديد موعد آخر.
answer-go-appointment-cancellation = إلغاء الموعد
answer-done-appointment-cancellation = أُلغي الموعد.
answer-title-start = بدء الخدمة
answer-lead-start = يتلقى الشخص الخدمة من الآن.
answer-go-start = بدء الخدمة
answer-done-start = بدأت الخدمة.
answer-title-visit = تمت زيارة
answer-lead-visit = قد تتوالى عدة زيارات قبل النتيجة.
answer-go-visit = تسجيل الزيارة
answer-done-visit = سُجلت الزيارة.
answer-title-interim-note = الإبلاغ عن سير العمل
answer-lead-interim-note = يقرأ الطرفان هذا.
answer-go-interim-note = إضافة ملاحظة
answer-done-interim-note = أُضيفت الملاحظة.
answer-title-outcome = الإبلاغ عن النتيجة
answer-lead-outcome = يُذكر ما قُدّم. بعدها تسأل الجهة المُحيلة الشخص كما اتُفق.
answer-go-outcome = الإبلاغ بتقديم الخدمة
answer-done-outcome = أُبلغ عن النتيجة.
answer-title-failure = تعذّر تقديم الخدمة
answer-lead-failure = تعرف الجهة المُحيلة السبب وتواصل العمل مع الشخص.
answer-go-failure = الإبلاغ بالتعذّر
answer-done-failure = أُبلغ عن تعذّر تقديم الخدمة.
answer-title-cancellation-confirmation = تأكيد الإلغاء
answer-lead-cancellation-confirmation = تنتهي الإحالة هنا. إذا قُدّمت الخدمة فعلًا فيلزم الإبلاغ عن النتيجة بدلًا من ذلك.
answer-go-cancellation-confirmation = تأكيد الإلغاء
answer-done-cancellation-confirmation = تأكّد الإلغاء.
answer-title-deletion-confirmation = تأكيد حذف النسخ
answer-lead-deletion-confirmation = الورق والملفات أيضًا: لم يعد أحد يستخدم ما شورك.
answer-go-deletion-confirmation = تأكيد الحذف
answer-done-deletion-confirmation = تأكّد الحذف.
answer-title-assignment = مَن يتولّاها؟
answer-lead-assignment = يبقى صندوق الوارد يعرضها للجميع.
answer-go-assignment = إسناد
answer-done-assignment = تم الإسناد.
answer-title-served-now = قُدّمت الآن
answer-lead-served-now = قُدّمت الخدمة فورًا. يُسجَّل الاستلام والقبول والبدء والنتيجة معًا.
answer-go-served-now = تسجيل التقديم الفوري
answer-title-resume = المتابعة بعد الانتظار
answer-lead-resume = توفر مكان أو أمكن الوصول إلى الشخص.
answer-go-resume = بدء الخدمة
answer-asked-by = من طلب التغيير؟
answer-asked-by-person = الشخص
answer-asked-by-caregiver = مقدّم/ة الرعاية
answer-asked-by-us = نحن
answer-asked-by-sender = الجهة المُحيلة
answer-why = لماذا؟
answer-why-unwell = وعكة صحية
answer-why-transport = عدم توفر النقل
answer-why-not-safe = غير آمن في ذلك اليوم
answer-why-no-staff = عدم توفر العاملين
answer-why-other-appointment = موعد آخر
answer-why-no-longer-wanted = لم تعد مرغوبة
answer-why-other = سبب آخر
answer-reason = السبب
answer-assignee-hint = يُترك دون اختيار إن كنت من يتولاها.
answer-what = ما الذي قُدّم ومتى
answer-what-hint = الخدمة كما تلقاها الشخص.
answer-how-much = الكمية أو عدد المرات
answer-how-much-hint = للمساعدات النقدية: المبلغ والتاريخ.
answer-amount = المبلغ المدفوع
answer-amount-hint = مع العملة، مثل 120 دولارًا.
answer-paid-on = دُفع في
answer-paid-confirmed = هل أُكّد استلام المبلغ من صاحبه/ته؟
answer-paid-confirmed-hint = بتوقيع أو بصمة إبهام أو شفهيًا، حسب اختيار من استلم المبلغ.
error-amount-needed = يُرجى كتابة المبلغ بالأرقام.
answer-at = الموعد
answer-at-hint = يُترك فارغًا إذا لم يُحدد بعد.
answer-place = المكان
answer-position = الترتيب في القائمة
answer-expected-on = يُتوقع توفر مكان في
answer-remark = ملاحظات أو نصائح أو تعليق
answer-remark-hint = يقرؤه الطرفان. دون أسماء.
answer-not-now = ليس الآن
answer-earlier = حدث ذلك سابقًا
answer-happened-at = متى حدث
answer-late-reason = سبب التسجيل المتأخر
answer-late-reason-hint = مطلوب بعد أكثر من يوم، كعمل سُجل أولًا على الورق.
answer-consequence-retry-later = يمكن للجهة المُحيلة أن تطلب لاحقًا.
answer-consequence-reroute = تُعرض على الجهة المُحيلة خدمة أخرى.
answer-consequence-reassess = تتحدث الجهة المُحيلة مع الشخص من جديد.
answer-consequence-close = لا يلزم الجهة المُحيلة شيء آخر.
answer-appointments = المواعيد
answer-appointment-state-scheduled = قادم
answer-appointment-state-came = حضر
answer-appointment-state-no-show = لم يحضر
answer-appointment-state-rescheduled = نُقل
answer-appointment-state-cancelled = أُلغي
answer-next-title = خدمات أخرى قد تساعد
answer-next-lead = بلمسة واحدة تُنشأ مسودة جديدة تشير إلى هذه الإحالة. لا يُرسل شيء بعد.
answer-next-go = الإحالة إلى هناك بدلًا من ذلك
answer-next-none = لا توجد خدمة أخرى مناسبة في الدليل. يُستحسن التحدث مع الشخص عما قد يساعد.
answer-next-made = حلّت مسودة جديدة محل الإحالة المرفوضة. يُرجى مراجعتها قبل الإرسال.
answer-case-title = حالتنا الخاصة
answer-case-lead = يسجّل الشخص لدينا مما شورك معنا ويفتح حالة خاصة بنا. وتحتفظ الجهة المُحيلة بحالتها.
answer-case-go = فتح حالتنا
answer-case-opened = فُتحت حالتنا.
answer-case-see = عرض حالتنا
follow-up-title = هل وصلت الخدمة؟
follow-up-lead = يكون السؤال كما اتُفق مع الشخص. الإجابة ليست واجبة عليه أبدًا.
follow-up-agreed = كيف اتُفق على السؤال
follow-up-way-with-worker = على انفراد مع الأخصائي/ة
follow-up-way-call = بمكالمة
follow-up-way-sms = برسالة نصية
follow-up-way-portal = عبر صفحات الشخص نفسه
follow-up-way-do-not-ask = عدم السؤال
follow-up-way-open = لم يُتفق بعد: السؤال على انفراد عند اللقاء
follow-up-one-a-day = تُحسب محاولة واحدة في اليوم.
follow-up-tries-left = { $count ->
    [zero] لا محاولات متبقية
    [one] محاولة واحدة متبقية
    [two] محاولتان متبقيتان
    [few] { $count } محاولات متبقية
    [many] { $count } محاولة متبقية
   *[other] { $count } محاولة متبقية
}
follow-up-no-safe-way = لا توجد وسيلة آمنة مسجّلة
follow-up-no-safe-way-next = لا اتصال ولا كتابة. يكون السؤال على انفراد عند اللقاء.
follow-up-safe-way = وسيلة تواصل آمنة
follow-up-begin-call = يبدأ الاتصال بسؤال «هل يمكنك التحدث الآن؟» وبالكلمة المتفق عليها.
follow-up-person = الشخص
follow-up-number = الرقم
follow-up-hours = الأوقات الآمنة
follow-up-may-say = ما يجوز قوله
follow-up-agreed-word = الكلمة المتفق عليها
follow-up-voicemail = البريد الصوتي مسموح
follow-up-shared = مَن قد يجيب أيضًا
follow-up-checked-on = آخر تحقق
follow-up-yes = نعم
follow-up-no = لا
follow-up-answer = ما النتيجة؟
follow-up-answer-received = تم تلقّي الخدمة
follow-up-answer-not-received = لم يتم تلقّي الخدمة
follow-up-answer-no-answer = لم يُتوصَّل إلى أحد هذه المرة
follow-up-answer-provider-only = لا أحد يستطيع التأكيد؛ أفاد به مقدم الخدمة فقط
follow-up-answer-not-asked = لا يُسأل الشخص
follow-up-confirmer = مَن قال ذلك؟
follow-up-confirmer-hint = مطلوب عندما يقول أحد إن الخدمة وصلت أو لم تصل.
follow-up-confirmer-person = الشخص نفسه
follow-up-confirmer-child = الطفل نفسه
follow-up-confirmer-caregiver = مقدّم/ة الرعاية
follow-up-confirmer-head-of-household = رب/ربة الأسرة
follow-up-confirmer-accompanying-worker = الأخصائي/ة المرافق/ة
follow-up-cannot-verify = لا يمكن تأكيد التلقّي هنا؛ المعتبر كلام الشخص نفسه.
follow-up-satisfied = هل الشخص راضٍ؟
follow-up-new-needs-question = هل توجد احتياجات جديدة؟
follow-up-tell-provider = يوافق الشخص على إبلاغ مقدم الخدمة بأن الخدمة لم تصل
follow-up-tell-provider-hint = دون ذلك لا يعلم مقدم الخدمة أبدًا بما قاله الشخص.
follow-up-why-not = لماذا لا يُسأل الشخص؟
follow-up-why-not-agreed-not-to-ask = اتُفق على ذلك
follow-up-why-not-not-safe-to-ask = السؤال غير آمن
follow-up-why-not-person-does-not-want = لا يريد الشخص أن يُسأل
follow-up-remark = بكلمات الشخص نفسه
follow-up-remark-hint = لا يقرأ هذا إلا طرفنا.
follow-up-go = تسجيل
follow-up-not-yet = لا يوجد ما يُسأل عنه بعد
follow-up-not-yet-next = لم تُبلغ الجهة المستقبِلة عن نتيجة بعد.
follow-up-closed = هذا الأمر منتهٍ
follow-up-closed-next = إذا أُغلق خطأً أو أُعيد بحث الخلاف، فيُفتح مع ذكر السبب ويُسأل مجددًا.
follow-up-reopen = إعادة فتح
follow-up-reopen-reason = لماذا يُعاد فتحه؟
follow-up-reopen-hint = لا يقرأ السبب إلا طرفنا.
follow-up-reopened = أُعيد فتحه.
follow-up-recorded = تم التسجيل.
follow-up-tried = سُجلت المحاولة.
follow-up-disputed = يقول الشخص إن الخدمة لم تصل. أُنشئت مهمة لمتابعة الأمر.
follow-up-new-needs = تم التسجيل. توجد احتياجات جديدة: تلزم الإحالة أو التخطيط لها.
follow-up-new-referral = إحالة جديدة للشخص
follow-up-loop-open = لم يُسأل الشخص بعد
follow-up-loop-verified = أكّده الشخص
follow-up-loop-reported-only = أفاد به مقدم الخدمة فقط
follow-up-loop-disputed = نفاه الشخص
follow-up-loop-unreachable = تعذّر الوصول إلى الشخص
follow-up-loop-not-asked = لم يُسأل
follow-up-loop-not-served = لم تُقدَّم
board-title = الإحالات
board-lead = ما هو عالق ومنذ متى. نقل الإحالة يطرح سؤالها أولًا، ولا يُرسل شيء من تلقاء نفسه.
board-tab-sent = المُرسلة
board-tab-received = المُستلمة
board-filter = تصفية
board-service = الخدمة
board-org = المنظمة
board-overdue-only = المتأخرة فقط
board-filter-go = عرض
board-empty = لا توجد إحالات هنا
board-empty-next = يمكن بدء إحالة من حالة أو تغيير التصفية.
board-column-draft = قيد الكتابة
board-column-new = مُرسلة
board-column-waiting = قيد الانتظار
board-column-scheduled = محدد لها موعد
board-column-in-progress = قيد التنفيذ
board-column-to-confirm = بانتظار تأكيد الشخص
board-column-ended = انتهت خلال آخر 30 يومًا
board-age-days = { $count ->
    [zero] هنا منذ اليوم
    [one] هنا منذ يوم
    [two] هنا منذ يومين
    [few] هنا منذ { $count } أيام
    [many] هنا منذ { $count } يومًا
   *[other] هنا منذ { $count } يوم
}
board-age-months = { $count ->
    [one] هنا منذ شهر
    [two] هنا منذ شهرين
    [few] هنا منذ { $count } أشهر
    [many] هنا منذ { $count } شهرًا
   *[other] هنا منذ { $count } شهر
}
board-age-years = هنا منذ أكثر من سنتين
board-move = نقل
board-act-acknowledge = تأكيد الاستلام
board-act-accept = قبول
board-act-decline = رفض
board-act-waitlist = إضافة إلى قائمة الانتظار
board-act-hold-unreachable = تعذّر الوصول إلى الشخص
board-act-schedule = تحديد موعد
board-act-reschedule = نقل الموعد
board-act-no-show = لم يحضر
board-act-appointment-cancelled = إلغاء الموعد
board-act-start = بدء الخدمة
board-act-resume = متابعة
board-act-visit-completed = تسجيل زيارة
board-act-interim-note = الإبلاغ عن سير العمل
board-act-complete = الإبلاغ عن النتيجة
board-act-fail = تعذّر التنفيذ
board-act-serve-now = قُدّمت الآن
board-act-assign = إسناد إلى زميل/ة
board-act-confirm-cancellation = تأكيد الإلغاء
board-act-confirm-deletion = تأكيد الحذف
board-act-confirm-receipt = هل وصلت الخدمة؟
board-act-reopen-loop = إعادة فتح
board-act-approve = مراجعة
board-act-submit = إرسال
board-act-cancel = إلغاء
board-act-request-cancellation = طلب الإلغاء
error-caregiver-cannot-verify = لا يمكن لمقدّم/ة الرعاية تأكيد هذه الإحالة. المعتبر كلام الشخص نفسه.
error-head-cannot-verify = لا يمكن لرب/ربة الأسرة تأكيد هذه الإحالة عن شخص آخر.
error-no-child-to-ask = الإحالة ليست لطفل. يُرجى اختيار من قال ذلك.
error-agreed-not-to-ask = اتُفق على عدم السؤال. يُسجَّل أن الشخص لا يُسأل.
error-tried-that-day = جرت محاولة في ذلك اليوم. تُحسب المحاولة التالية في يوم آخر.
error-not-completed = لم يُبلغ مقدم الخدمة بتقديمها.
answer-panel-title = ما الخطوة التالية؟
answer-case-name = الاسم
answer-case-name-hint = كما يقوله الشخص. يلزم البحث في السجل أولًا، فقد يكون معروفًا لدينا.
answer-case-sex = الجنس
answer-case-sex-female = أنثى
answer-case-sex-male = ذكر
answer-case-sex-other = آخر
answer-case-sex-unknown = غير معروف
answer-case-age = العمر بالسنوات
answer-case-source = كيف وصل إلينا
answer-rings = التذكيرات والمواعيد النهائية
answer-ring-reminder = تذكير للطرفين
answer-ring-due = حلّ الموعد النهائي
answer-ring-escalated = أُبلغ الإشراف
refused-case-opened-already = سبق فتح حالة لدينا لهذه الإحالة.
answer-on-behalf = يُدوَّن هنا ردّ منظمة لا تعمل في هذا النظام
answer-on-behalf-what = يُذكر كيف وصل الردّ وممن ومتى. لا يُعدّ أبدًا تأكيدًا من الشخص نفسه.
answer-source = كيف وصل الردّ؟
answer-source-phone = بالهاتف
answer-source-email = بالبريد الإلكتروني
answer-source-letter = بخطاب
answer-source-in-person = حضوريًا
answer-source-who = مَن الذي قال ذلك؟
board-see-all = عرض الكل
board-shown = { $from }–{ $to } من { $count }
board-all-columns = كل الأعمدة
board-act-note-decision = تدوين ما تقرر
follow-up-see = المتابعة
answer-why-not-needed = لم يعد لازمًا
answer-appointment-after-due = حُفظ. الموعد بعد المهلة التي تحتاجها الجهة المُحيلة: الموعد النهائي لا يتغير.
answer-ring-sender-changed = سلّمت الجهة المُحيلة الحالة؛ تتابعها من الآن منظمة أخرى
answer-ring-covered = تغطية من زميل/ة لدى الجهة المستقبِلة
answer-ring-cover-ended = انتهت التغطية لدى الجهة المستقبِلة
answer-title-deletion-noted = تدوين أن نسخهم حُذفت
answer-lead-deletion-noted = أفادوا بذلك: الورق والملفات لدى كل من كانت عنده.
answer-go-deletion-noted = تدوين أنهم حذفوها
