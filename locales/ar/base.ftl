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
    [two] بعد يومين
    [few] بعد { $count } أيام
   *[other] بعد { $count } يومًا
}
when-in-months = { $count ->
    [two] بعد شهرين
    [few] بعد { $count } أشهر
   *[other] بعد { $count } شهرًا
}
when-in-years = بعد أكثر من سنتين
when-ago-days = { $count ->
    [two] قبل يومين
    [few] قبل { $count } أيام
   *[other] قبل { $count } يومًا
}
when-ago-months = { $count ->
    [two] قبل شهرين
    [few] قبل { $count } أشهر
   *[other] قبل { $count } شهرًا
}
when-ago-years = قبل أكثر من سنتين
when-due-now = مستحق الآن
when-overdue-hours = { $count ->
    [one] متأخر ساعة واحدة
    [two] متأخر ساعتين
    [few] متأخر { $count } ساعات
   *[other] متأخر { $count } ساعة
}
when-overdue-days = { $count ->
    [one] متأخر يومًا واحدًا
    [two] متأخر يومين
    [few] متأخر { $count } أيام
   *[other] متأخر { $count } يومًا
}
when-overdue-months = { $count ->
    [one] متأخر شهرًا واحدًا
    [two] متأخر شهرين
    [few] متأخر { $count } أشهر
   *[other] متأخر { $count } شهرًا
}
when-overdue-years = متأخر أكثر من سنتين
age-years = { $years ->
    [one] سنة واحدة
    [two] سنتان
    [few] { $years } سنوات
   *[other] { $years } سنة
}
age-about = { $years ->
    [one] نحو سنة واحدة
    [two] نحو سنتين
    [few] نحو { $years } سنوات
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
sign-in-locked-out = لا يمكنك الدخول؟ اطلب كلمة مرور جديدة من مسؤول النظام في منظمتك.
account-title = حسابي
account-lang = اللغة
account-digits = الأرقام
account-save = حفظ
account-saved = تم الحفظ.
account-change-password = تغيير كلمة المرور
account-sessions = الأجهزة التي سجّلت الدخول منها
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
error-required = يرجى ملء هذا الحقل.
error-too-long = النص أطول من اللازم.
error-not-text = هذا ليس نصًا.
error-not-understood = تعذّر فهم هذه القيمة.
error-not-a-choice = اختر إحدى الإجابات.
error-not-a-date = اكتب تاريخًا مثل 2026-11-24 أو 24/11/2026.
error-not-a-moment = اكتب التاريخ على هذا النحو: ⁦30/12/2026 14:00⁩.
error-too-large = الملف أكبر من المسموح.
error-sign-in = اسم المستخدم أو كلمة المرور غير صحيح.
error-locked-down = مؤسستك في إغلاق طارئ. إلى أن يُرفع لا يسجّل الدخول إلا مسؤولوها.
error-password-short = استخدم عشرة أحرف على الأقل.
error-password-common = كلمة المرور هذه سهلة التخمين. اختر غيرها.
error-password-wrong = هذه ليست كلمة مرورك الحالية.
error-page-not-found-heading = غير موجود
error-page-not-found-words = لا يوجد هنا ما يمكنك الاطلاع عليه. إذا أرسل إليك أحد هذا العنوان فاطلب منه التحقق منه.
error-page-forbidden-heading = غير مسموح
error-page-forbidden-words = دورك لا يسمح بذلك. يمكن للمشرف أو لمسؤول النظام أن يخبرك من يستطيع.
error-page-forged-heading = يرجى المحاولة مرة أخرى
error-page-forged-words = بقي هذا النموذج مفتوحًا مدة طويلة أو جاء من صفحة أخرى. لم يتغير شيء. ارجع وأعد تحميل الصفحة ثم أرسله من جديد.
error-page-invalid-heading = هناك ما ينقص
error-page-invalid-words = تعذّر استخدام بعض ما أُرسل. لم يتغير شيء. ارجع وراجع النموذج.
error-page-too-large-heading = هذا أكثر مما يُقبل دفعة واحدة
error-page-too-large-words = لم يتغيّر شيء. ارجع، واكتب أقل أو على أجزاء، ثم أرسل من جديد.
error-page-stale-heading = سبقك شخص آخر
error-page-stale-words = غيّر شخص آخر هذا السجل في هذه الأثناء. لم يُحفظ شيء من عملك. ارجع وأعد التحميل وراجع قبل الإرسال من جديد.
error-page-state-heading = لم يعد هذا ممكنًا
error-page-slow-heading = يرجى الانتظار
error-page-slow-words = { $seconds ->
    [one] محاولات كثيرة. انتظر ثانية واحدة ثم حاول من جديد.
    [two] محاولات كثيرة. انتظر ثانيتين ثم حاول من جديد.
    [few] محاولات كثيرة. انتظر { $seconds } ثوانٍ ثم حاول من جديد.
   *[other] محاولات كثيرة. انتظر { $seconds } ثانية ثم حاول من جديد.
}
error-page-broken-heading = حدث خطأ
error-page-broken-words = الخطأ من عندنا. لم يتغير شيء، وما حُفظ من قبل في أمان. حاول بعد لحظات.
error-page-reference = إذا طلبت المساعدة فاذكر الرمز { $code }.
error-page-way-on = إلى صفحة يومي
error-page-back = العودة إلى حيث كنت
conflict-title = غيّر شخص آخر هذا في هذه الأثناء
conflict-lead = لم يضِع شيء مما كتبته. اختر لكل خانة ثم احفظ.
conflict-mine = ما كتبته
conflict-theirs = ما حُفظ في هذه الأثناء
conflict-empty = فارغ
conflict-save = حفظ ما اختير
conflict-save-mine = احفظ ما كتبته
conflict-keep-mine = إبقاء كل ما كتبته
conflict-take-theirs = أخذ ما حُفظ
conflict-leave = غادر دون حفظ
conflict-by = غيّره
conflict-join = كلاهما، بجمعهما يدوياً
conflict-by-hand = الجمع يدوياً، بدءاً بما كتبته
conflict-elsewhere = ما تغيّر ليس في هذا النموذج. اطّلع عليه ثم احفظ ما كتبته.
conflict-look = الاطّلاع على ما تغيّر
error-page-typed = ما كتبته
error-page-typed-what = لم يُحفظ ما كتبته. انسخه من هنا إن أردت الاحتفاظ به، فهو غير محفوظ في أي مكان آخر.
conflict-yes = نعم
conflict-no = لا
error-page-full-heading = لا يمكن حفظ أي شيء الآن
error-page-full-words = امتلأ قرص هذه الخدمة تقريباً، لذلك لا يُكتب أي شيء جديد. تبقى القراءة متاحة. أخبر من يدير الخدمة ليوفّر مساحة، ثم أرسل هذا مرة أخرى.
error-look-again = لم يُحفظ شيء بعد. راجعه وأرسله مرة أخرى.
nav-transfers = النقل
nav-team = الفريق
paper-lang = لغة الورقة
paper-safe = يقول الشخص إن حملها والاحتفاظ بها آمن
