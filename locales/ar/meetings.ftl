meetings-title = اللقاءات
meetings-none = لا لقاء بعد
meetings-none-next = يمكن تخطيط مقابلة أو زيارة منزلية أو مؤتمر حالة أو مرافقة.
meeting-new = تخطيط لقاء
meeting-title = لقاء
meeting-what = ما نوع اللقاء؟
meeting-kind-interview = مقابلة
meeting-kind-home-visit = زيارة منزلية
meeting-kind-conference = مؤتمر حالة
meeting-kind-accompaniment = مرافقة
meeting-kind-appointment = موعد إحالة
meeting-starts = متى
meeting-length = المدة
meeting-minutes = { $count ->
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { $count } دقائق
   *[other] { $count } دقيقة
}
meeting-place = أين
meeting-place-hint = مكان آمن للشخص.
meeting-purpose = لأي غرض
meeting-invited = المدعوّون
meeting-invited-hint = الاسم والمنظمة، واحد في كل سطر. أما حضور الشخص والمنظمات الأخرى فيُسجَّل في صفحة المؤتمر.
meeting-holder = في تقويم من
meeting-holder-hint = تقويمك أنت إن تُرك فارغًا.
meeting-plan = تخطيط
meeting-planned = خُطّط اللقاء.
meeting-planned-over = خُطّط اللقاء. في هذا التقويم أمر آخر في ذلك الوقت: يُرجى التحقق من إمكان الاثنين.
meeting-state-planned = مخطط
meeting-state-held = جرى
meeting-state-late = جرى متأخرًا
meeting-state-no-show = لم يحضر الشخص
meeting-state-not-held = لم يجرِ
meeting-state-scheduled = مخطط
meeting-state-came = حضر
meeting-reason-unwell = وعكة صحية
meeting-reason-forgot = نسيان
meeting-reason-transport = لا وسيلة للوصول
meeting-reason-not-safe = غير آمن
meeting-reason-worker-away = غياب الأخصائي/ة
meeting-reason-closed = إغلاق المكان
meeting-reason-other = سبب آخر
meeting-asker-person = الشخص
meeting-asker-worker = الأخصائي/ة
meeting-asker-organisation = المنظمة الأخرى
meeting-outcome = كيف جرى؟
meeting-became = ماذا حدث
meeting-why = لماذا
meeting-why-hint = مطلوب إذا لم يجرِ اللقاء.
meeting-who-came = مَن حضر من المدعوّين
meeting-who-else-came = مَن حضر أيضًا
meeting-came = حضر
meeting-said = ما قيل
meeting-said-hint = وقائع، وبكلمات الشخص حيث يهم. ومن لقاء مع الشخص تصير ملاحظة في الحالة.
meeting-decisions = ما يجب عمله
meeting-decisions-hint = واحد في كل سطر؛ يصير كل منها مهمة لك خلال أسبوع. دون أسماء: فالمهام تظهر في القوائم.
meeting-record = تسجيل
meeting-call-off = لن يجري اللقاء
meeting-call-off-now = إلغاؤه
meeting-concluded = سُجّل.
meeting-concluded-out = سُجّل. ما زلت في الطريق: يلزم تسجيل عودتك.
meeting-correct = تصحيح
meeting-correct-hint = يبقى ما هو مكتوب هنا الآن مع اللقاء كما كان. وتُصحَّح معه ملاحظة الحالة؛ أما القرارات فتبقى كما هي.
meeting-correct-why = سبب التصحيح
meeting-correct-why-hint = في جملة: اختيار بالخطأ، أو حضور بعد ذلك.
meeting-correct-now = حفظ التصحيح
meeting-corrected = تم التصحيح.
meeting-corrected-by-hand = تم التصحيح. لم يُعثر على الملاحظة التي تخبر عنه: إن وُجدت في الحالة فيلزم تصحيحها أيضًا.
meeting-former = تصحيحات
meeting-was = ما كان مكتوبًا هنا
meeting-put-right = تصحيح
meeting-moves = تغييرات الوقت
meeting-move = وقت آخر
meeting-asked-by = بطلب من
meeting-move-now = تحديد هذا الوقت
meeting-moved = للقاء وقت جديد.
meeting-moved-over = للقاء وقت جديد. في هذا التقويم أمر آخر حينها: يُرجى التحقق من إمكان الاثنين.
meeting-visit = في الطريق
meeting-safety = السلامة
meeting-safety-hint = لازم للزيارة المنزلية والمرافقة. ويُطرح السؤال مرة أخرى عند الخروج.
meeting-safety-planned = عند التخطيط
meeting-safety-out = عند الخروج
meeting-safe-yes = نعم
meeting-safe-no = لا
meeting-go = الخروج إلى هذه الزيارة
meeting-go-hint = في حال عدم العودة حتى ذلك الوقت يُبلَّغ المشرف/ة. يُرجى إخبار أحد بوجهتك، وعدم الذهاب دون مرافقة حيث تقول الحالة ذلك.
meeting-back-by = العودة قبل
meeting-go-now = بدء الخروج الآن
meeting-set-out = سُجّل. يُرجى تسجيل العودة عند الرجوع.
meeting-come-back = عدتُ، كل شيء بخير
meeting-spoke = جرى الحديث معه/ا: العودة بسلامة
meeting-spoke-hint = الرسالة وحدها لا تكفي: فقد يكتبها شخص آخر.
meeting-they-are-back = تمت العودة
meeting-not-safe = لم يكن آمنًا
meeting-not-safe-next = طُلب من المشرف/ة النظر في الأمر قبل أن يذهب أحد إلى هناك مرة أخرى. إن هُدّد أحد العاملين فيلزم كتابة ما حدث.
meeting-not-safe-yet = لم تكن إحدى الزيارات آمنة. لا يذهب أحد إلى هناك مرة أخرى قبل قرار المشرف/ة بشأن ما يجب تغييره.
meeting-decide = تقرير ما يجب تغييره
meeting-decide-what = ما يجب تغييره
meeting-decide-hint = يُكتب في الحالة كقرار ويحسم أمر كل زيارة لم تكن آمنة هناك. وحتى ذلك الحين لا يذهب أحد إلى هناك مرة أخرى.
meeting-decide-now = كتابة القرار
meeting-write-threat = كتابة تهديد
meeting-back = سُجّل. الحمد لله على السلامة.
meeting-was-back = العودة { $when }
meeting-back-said = بحسب قول { $name }
meeting-back-spoke = بعد حديث { $name } مع من كان في الزيارة
meeting-is-out = في الطريق؛ العودة متوقعة { $when }
case-card-meetings = اللقاءات
case-no-meetings = لا شيء مخطط
nav-calendar = التقويم
calendar-view-day = يوم
calendar-view-week = أسبوع
calendar-view-month = شهر
calendar-earlier = قبل
calendar-today = اليوم
calendar-later = بعد
calendar-free = لا شيء
calendar-more = { $count ->
    [zero] لا لقاءات أخرى
    [one] لقاء آخر
    [two] لقاءان آخران
    [few] { $count } لقاءات أخرى
    [many] { $count } لقاءً آخر
   *[other] { $count } لقاء آخر
}
calendar-of = تقويم زميل/ة
calendar-whose = تقويم مَن
calendar-count = { $count ->
    [zero] لا لقاءات
    [one] لقاء واحد
    [two] لقاءان
    [few] { $count } لقاءات
    [many] { $count } لقاءً
   *[other] { $count } لقاء
}
weekday-0 = الأحد
weekday-1 = الاثنين
weekday-2 = الثلاثاء
weekday-3 = الأربعاء
weekday-4 = الخميس
weekday-5 = الجمعة
weekday-6 = السبت
feed-title = تقويمي على جهاز آخر
feed-lead = عنوان يجلب منه هاتفك أو حاسوبك أوقاتك. كل منها اسمه «موعد»: يقول متى، ولا يقول أبدًا مع من ولا أين ولا لماذا، ولا يمكن تغيير ذلك. وقد يستثني برنامجك حالاته.
feed-address = إضافة هذا العنوان إلى برنامج التقويم:
feed-once = يظهر هذا العنوان الآن فقط.
feed-keep = من يملكه يرى أوقاتك. يلزم إنشاء عنوان جديد إن وقع في يد غيرك؛ وينتهي القديم فورًا.
feed-appointment = موعد
feed-make = إنشاء العنوان
feed-renew = إنشاء عنوان جديد
feed-end = إنهاؤه
feed-ended = لم يعد العنوان يفتح شيئًا.
feed-since = هناك عنوان، أُنشئ { $when }.
task-meeting = لقاء
task-visit-out = في زيارة
task-visit-out-who = خروج { $name } إلى زيارة
task-visit-overdue-who = عدم عودة { $name } من زيارة: الاتصال الآن
fact-visit-prolonged = تمديد الخروج إلى زيارة
meeting-late = مضى الوقت. يُبلَّغ المشرف/ة خلال دقائق.
meeting-late-told = مضى الوقت. أُبلغ المشرف/ة { $when }.
meeting-come-back-not-safe = عدتُ، لكن لم يكن آمنًا
meeting-what-happened = ماذا حدث؟
meeting-what-happened-hint = يُحفظ مع اللقاء، ويُطلب من المشرف/ة النظر فيه.
meeting-back-not-safe = سُجّل. الحمد لله على السلامة. طُلب من المشرف/ة النظر في الأمر.
meeting-more-time = أحتاج إلى وقت أطول
meeting-more-time-now = العودة في هذا الوقت
meeting-stays-out = سُجّل الوقت الجديد. يُرجى تسجيل العودة عند الرجوع.
task-visit-overdue = عدم عودة من زيارة: الاتصال الآن
task-visit-not-safe = زيارة لم تكن آمنة: النظر فيما يجب تغييره
notification-visit-overdue = لم يُسجَّل رجوع زميل/ة من زيارة
notification-visit-prolonged = تمديد خروج زميل/ة إلى زيارة
notification-visit-prolonged-who = حاجة { $name } إلى وقت أطول في زيارة
fact-meeting-planned = تخطيط لقاء
fact-meeting-moved = تغيير وقت لقاء
fact-meeting-concluded = تسجيل ما جرى في لقاء
fact-visit-begun = الخروج إلى زيارة
fact-visit-ended = العودة من زيارة
fact-visit-overdue = عدم العودة من زيارة في الوقت
fact-calendar-feed-made = إنشاء عنوان للتقويم
fact-calendar-feed-ended = إنهاء عنوان للتقويم
fact-meeting-corrected = تصحيح ما جرى في لقاء
error-in-the-past = هذا في الماضي.
error-too-far = هذا بعيد جدًا.
error-not-begun = لم يبدأ بعد.
error-within-a-day = يلزم وقت من الآن وخلال يوم.
error-speak-first = يلزم الحديث مع الشخص أولًا، ثم تأكيد ذلك.
refused-meeting-over = سُجّل ما جرى في هذا اللقاء.
refused-meeting-not-recorded = لم يُسجَّل شيء عن هذا اللقاء بعد.
error-minutes-are-out = محضر هذا المؤتمر لدى منظمات أخرى. ما لم يُطلب حذف نسخها، لا يُصحَّح هنا إلا ما قيل.
refused-meeting-corrected-often = صُحّح هذا عشرين مرة. يُكتب الصواب في ملاحظة على الحالة.
refused-not-a-visit = هذا اللقاء ليس زيارة، فلا يخرج أحد إليه.
refused-visit-begun = خرج أحدهم إلى هذه الزيارة بالفعل. يلزم أولًا تسجيل العودة.
task-contact-lost = لا تواصل منذ مدة طويلة: المحاولة مجددًا أو اقتراح الإغلاق
task-safety-review = لا تواصل منذ مدة طويلة: مراجعة سلامة هذا الشخص
task-safety-reviewed = الاطّلاع على قرار المشرف/ة بشأن سلامة هذا الشخص
