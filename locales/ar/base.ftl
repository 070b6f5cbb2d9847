month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر
when-today = اليوم
when-tomorrow = غدًا
when-yesterday = أمس
when-in-days = { $count ->
    [one] بعد يوم واحد
    [two] بعد يومين
    [few] بعد { $count } أيام
    [many] بعد { $count } يومًا
   *[other] بعد { $count } يوم
}
when-in-months = { $count ->
    [one] بعد شهر واحد
    [two] بعد شهرين
    [few] بعد { $count } أشهر
    [many] بعد { $count } شهرًا
   *[other] بعد { $count } شهر
}
when-in-years = بعد أكثر من سنتين
when-ago-days = { $count ->
    [one] قبل يوم واحد
    [two] قبل يومين
    [few] قبل { $count } أيام
    [many] قبل { $count } يومًا
   *[other] قبل { $count } يوم
}
when-ago-months = { $count ->
    [one] قبل شهر واحد
    [two] قبل شهرين
    [few] قبل { $count } أشهر
    [many] قبل { $count } شهرًا
   *[other] قبل { $count } شهر
}
when-ago-years = قبل أكثر من سنتين
when-due-now = مستحق الآن
when-overdue-hours = { $count ->
    [one] متأخر ساعة واحدة
    [two] متأخر ساعتين
    [few] متأخر { $count } ساعات
    [many] متأخر { $count } ساعة
   *[other] متأخر { $count } ساعة
}
when-overdue-days = { $count ->
    [one] متأخر يومًا واحدًا
    [two] متأخر يومين
    [few] متأخر { $count } أيام
    [many] متأخر { $count } يومًا
   *[other] متأخر { $count } يوم
}
when-overdue-months = { $count ->
    [one] متأخر شهرًا واحدًا
    [two] متأخر شهرين
    [few] متأخر { $count } أشهر
    [many] متأخر { $count } شهرًا
   *[other] متأخر { $count } شهر
}
when-overdue-years = متأخر أكثر من سنتين
age-years = { $years ->
    [zero] أقل من سنة
    [one] سنة واحدة
    [two] سنتان
    [few] { $years } سنوات
    [many] { $years } سنة
   *[other] { $years } سنة
}
age-about = { $years ->
    [zero] أقل من سنة
    [one] نحو سنة واحدة
    [two] نحو سنتين
    [few] نحو { $years } سنوات
    [many] نحو { $years } سنة
   *[other] نحو { $years } سنة
}
nav-my-day = يومي
nav-cases = الحالات
nav-people = الأشخاص
nav-inbox = الوارد
nav-referrals = الإحالات
nav-services = الخدمات
nav-loop = متابعة الإحالات
nav-protection = حماية البيانات
nav-admin = الإدارة
sign-in-title = تسجيل الدخول
sign-in-heading = تسجيل الدخول
sign-in-login = اسم المستخدم
sign-in-password = كلمة المرور
sign-in-go = دخول
sign-in-locked-out = لا يمكنك الدخول؟ يمكن طلب كلمة مرور جديدة من إدارة النظام في منظمتك.
account-title = حسابي
account-lang = اللغة
account-digits = الأرقام
account-save = حفظ
account-saved = تم الحفظ.
account-change-password = تغيير كلمة المرور
account-sessions = الأجهزة المسجَّل الدخول منها
account-device = الجهاز
account-since = منذ
account-seen = آخر استخدام
account-end-sessions = تسجيل الخروج من كل الأجهزة
account-end-sessions-what = ينهي كل جلساتك، بما فيها هذه.
password-title = كلمة المرور
password-lead = كلمة المرور الجديدة تنهي جلساتك على الأجهزة الأخرى.
password-old = كلمة المرور الحالية
password-new = كلمة المرور الجديدة
password-hint = عشرة أحرف على الأقل. ثلاث أو أربع كلمات غير مترابطة سهلة التذكر وصعبة التخمين.
password-save = تغيير كلمة المرور
password-saved = تم تغيير كلمة المرور.
error-required = يُرجى ملء هذا الحقل.
error-too-long = النص أطول من اللازم.
error-not-text = هذا ليس نصًا.
error-not-understood = تعذّر فهم هذه القيمة.
error-not-a-choice = يُرجى اختيار إحدى الإجابات.
error-not-a-date = يُرجى كتابة تاريخ مثل 2026-11-24 أو 24/11/2026.
error-not-a-moment = يُرجى كتابة التاريخ على هذا النحو: ⁦30/12/2026 14:00⁩.
error-too-large = الملف أكبر من المسموح.
error-sign-in = اسم المستخدم أو كلمة المرور خطأ.
error-locked-down = منظمتك في إغلاق طارئ. إلى أن يُرفع لا تدخل إلا إدارة النظام.
error-password-short = يلزم عشرة أحرف على الأقل.
error-password-common = كلمة المرور هذه سهلة التخمين. يُرجى اختيار غيرها.
error-password-wrong = هذه ليست كلمة مرورك الحالية.
error-page-not-found-heading = غير موجود
error-page-not-found-words = لا يوجد هنا ما يمكنك الاطّلاع عليه. إن وصلك هذا العنوان من أحد فيُرجى طلب التحقق منه.
error-page-forbidden-heading = غير مسموح
error-page-forbidden-words = دورك لا يسمح بذلك. يمكن للمشرف/ة أو لإدارة النظام إخبارك بمن يستطيع.
error-page-in-for-task-heading = لمهمة واحدة فقط
error-page-in-for-task-words = أُتيحت لك هذه الحالة من أجل مهمة أُسندت إليك. المطلوب منك إنجاز تلك المهمة، وكل ما عداها لمن يتولى الحالة.
error-page-forged-heading = يُرجى المحاولة مرة أخرى
error-page-forged-words = بقي هذا النموذج مفتوحًا مدة طويلة أو جاء من صفحة أخرى. لم يتغير شيء. يُرجى الرجوع وإعادة تحميل الصفحة ثم الإرسال من جديد.
error-page-invalid-heading = هناك ما ينقص
error-page-invalid-words = تعذّر استخدام بعض ما أُرسل. لم يتغير شيء. يُرجى الرجوع ومراجعة النموذج.
error-page-too-large-heading = هذا أكثر مما يُقبل دفعة واحدة
error-page-too-large-words = لم يتغيّر شيء. يُرجى الرجوع وكتابة نص أقصر أو على أجزاء، ثم الإرسال من جديد.
error-page-stale-heading = تغيّر هذا في هذه الأثناء
error-page-stale-words = تغيّر هذا السجل في هذه الأثناء، من شخص آخر أو من حسابك في نافذة أخرى. لم يُحفظ شيء من هذا النموذج. يُرجى الرجوع وإعادة التحميل والمراجعة قبل الإرسال من جديد.
error-page-state-heading = لم يعد هذا ممكنًا
error-page-slow-heading = يُرجى الانتظار
error-page-slow-words = { $seconds ->
    [one] محاولات كثيرة. يُرجى الانتظار ثانية واحدة ثم المحاولة من جديد.
    [two] محاولات كثيرة. يُرجى الانتظار ثانيتين ثم المحاولة من جديد.
    [few] محاولات كثيرة. يُرجى الانتظار { $seconds } ثوانٍ ثم المحاولة من جديد.
    [many] محاولات كثيرة. يُرجى الانتظار { $seconds } ثانية ثم المحاولة من جديد.
   *[other] محاولات كثيرة. يُرجى الانتظار { $seconds } ثانية ثم المحاولة من جديد.
}
error-page-broken-heading = حدث خطأ
error-page-broken-words = الخطأ من عندنا. لم يتغير شيء، وما حُفظ من قبل في أمان. يُرجى المحاولة بعد لحظات.
error-page-reference = عند طلب المساعدة يُرجى ذكر الرمز { $code }.
error-page-way-on = إلى صفحة يومي
error-page-back = العودة إلى حيث كنت
conflict-title = غيّر شخص آخر هذا في هذه الأثناء
conflict-title-own = سبق تغيير هذا من حسابك في نافذة أخرى
conflict-lead = لم يضِع شيء مما كتبته. يلزم الاختيار لكل خانة ثم الحفظ.
conflict-mine = ما كتبته
conflict-theirs = ما حُفظ في هذه الأثناء
conflict-empty = فارغ
conflict-save = حفظ ما اختير
conflict-save-mine = حفظ ما كتبته
conflict-keep-mine = إبقاء كل ما كتبته
conflict-take-theirs = أخذ ما حُفظ
conflict-leave = المغادرة دون حفظ
conflict-by = التغيير من
conflict-join = كلاهما، بجمعهما يدويًا
conflict-by-hand = الجمع يدويًا، بدءًا بما كتبته
conflict-untouched = لم يُمسّ ما يلي هنا. يبقى ما حُفظ في هذه الأثناء؛ يُرجى حفظ ما كُتب إلى جانبه.
conflict-elsewhere = ما تغيّر ليس في هذا النموذج. يُرجى الاطّلاع عليه ثم حفظ ما كتبته.
conflict-look = الاطّلاع على ما تغيّر
conflict-choose = يرجى اختيار واحد مما يلي.
error-page-typed = ما كتبته
error-page-typed-what = لم يُحفظ ما كتبته. يمكن نسخه من هنا للاحتفاظ به، فهو غير محفوظ في أي مكان آخر.
conflict-yes = نعم
conflict-no = لا
error-page-full-heading = لا يمكن حفظ أي شيء الآن
error-page-full-words = امتلأ قرص هذه الخدمة تقريبًا، لذلك لا يُكتب أي شيء جديد. تبقى القراءة متاحة. يُرجى إبلاغ الجهة المشغّلة للخدمة لتوفير مساحة، ثم إعادة الإرسال.
error-look-again = لم يُحفظ شيء بعد. يُرجى المراجعة والإرسال مرة أخرى.
saved-already = حُفظ هذا من قبل، ولم يتكرر شيء. لفعل الشيء نفسه مرة ثانية عن قصد، يُرجى فتح الصفحة من جديد.
nav-transfers = النقل
nav-team = الفريق
paper-lang = لغة الورقة
paper-safe = يقول الشخص إن حملها والاحتفاظ بها آمنان
error-safe-to-carry-first = يُسأل الشخص هل حمل الورقة والاحتفاظ بها آمنان، ثم توضع علامة على ذلك؛ وإلا فلا تُطبع.
