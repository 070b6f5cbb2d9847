directory-title = الخدمات
directory-lead = البحث عمّن يلبّي احتياجًا ما، وأين، وهل يستقبل الآن.
directory-mine = خدماتنا
directory-new = خدمة جديدة
directory-new-title = خدمة جديدة
directory-edit = تعديل
directory-edit-title = تعديل الخدمة
directory-back = رجوع
directory-words = الاسم أو كلمات
directory-need = الاحتياج
directory-needs = الاحتياجات التي تلبيها
directory-area = المكان
directory-language = اللغة
directory-languages = اللغات
directory-open = أوقات الدوام
directory-open-now = مفتوحة الآن
directory-only-accepting = فقط التي تستقبل الآن
directory-search = بحث
directory-clear = عرض الكل
directory-service = الخدمة
directory-state = الوضع
directory-confirmed = آخر تأكيد
directory-no-area = بلا مكان ثابت
directory-none-found = لا توجد خدمة تطابق هذا البحث.
directory-none-found-next = يُستحسن تقليل الشروط: ترك المكان أو اللغة، أو البحث بالاحتياج فقط.
directory-empty = دليل الخدمات فارغ.
directory-empty-next = يضيف مقدمو الخدمات خدماتهم هنا، ويمكن للجهة المشغّلة للخادم استيراد دليل.
directory-accepting = تستقبل الآن
directory-not-accepting = لا تستقبل حاليًا
directory-out-of-date = غير محدّثة
directory-never-confirmed = لم تؤكَّد بعد
directory-requires-approval = تتطلب موافقة إدارية
directory-has-agreement = لديها اتفاق معنا
directory-capacity = القدرة الاستيعابية
directory-capacity-unknown = الأماكن الشاغرة غير معروفة
directory-capacity-now = المتاح الآن
directory-capacity-field = مجموع الأماكن
directory-places-free-field = الأماكن الشاغرة
directory-waiting-days-field = أيام الانتظار
directory-not-accepting-field = لا تستقبل أحدًا حاليًا
directory-save-capacity = تحديث
directory-capacity-saved = تم تحديث القدرة الاستيعابية.
directory-still-right = تأكيد أنها ما زالت صحيحة
directory-verified = شكرًا. تم تأكيد البيانات اليوم.
directory-added = تمت إضافة الخدمة.
directory-saved = تم حفظ الخدمة.
directory-save = حفظ الخدمة
directory-particulars = التفاصيل
directory-status = الوضع
directory-status-active = نشطة
directory-status-inactive = غير نشطة
directory-status-defunct = مغلقة نهائيًا
directory-status-temporarily-closed = مغلقة مؤقتًا
directory-documents = المستندات المطلوبة
directory-eligibility = من يحق له الاستفادة
directory-ages = الأعمار
directory-all-ages = جميع الأعمار
directory-min-age = من عمر
directory-max-age = حتى عمر
directory-for-whom = لمن
directory-sexes = مخصصة لـ
directory-sexes-hint = لا يُختار شيء إن كانت للجميع.
directory-everybody = الجميع
directory-sex-female = النساء والفتيات
directory-sex-male = الرجال والفتيان
directory-sex-other = أخرى
directory-accessibility = تيسير الوصول للأشخاص ذوي الإعاقة
directory-contact = الاتصال
directory-phone = الهاتف
directory-phone-hint = خاص بالمكتب وليس بشخص، لأنه يُنشر.
directory-email = البريد الإلكتروني
directory-url = الصفحة الإلكترونية
directory-reached = تُرسل الإحالات إلى
directory-reached-inbox = صندوق وارد { $unit }
directory-reached-none = لم تُحدَّد وحدة بعد
directory-reached-outside = خارج هذا النظام، بخطاب
directory-places = الأماكن
directory-no-places = لم يُذكر مكان.
directory-places-hint = تُفرَّغ حقول المكان كلها لحذفه. بعد الحفظ يظهر مكان إضافي.
directory-place-number = المكان { $number }
directory-place-name = اسم المكان
directory-place-visibility = من يعرف بهذا المكان
directory-admin1 = المنطقة
directory-admin2 = القضاء
directory-address = العنوان
directory-hours = أوقات الدوام
directory-no-hours = لم تُذكر أوقات الدوام.
directory-hours-hint = مثل 09:00-13:00, 14:00-17:00. تُترك أيام الإغلاق فارغة.
directory-day-1 = الاثنين
directory-day-2 = الثلاثاء
directory-day-3 = الأربعاء
directory-day-4 = الخميس
directory-day-5 = الجمعة
directory-day-6 = السبت
directory-day-7 = الأحد
directory-name = الاسم
directory-names = الاسم بلغات أخرى
directory-description = الوصف
directory-unit = الوحدة التي تستلم الإحالات
directory-unit-hint = تصل إلى صندوق واردها، وتُذكَّر عندما تصبح البيانات غير محدّثة.
directory-visibility-head = مَن يعرف بها
directory-visibility-field = مَن يعرف بوجود هذه الخدمة
directory-visibility-public = عامة
directory-visibility-cleared = مخفية: للموظفين المخوّلين فقط
directory-visibility-named = مخفية: لمستخدمين محددين بالاسم فقط
directory-visibility-hint-public = الجميع، بما في ذلك البيانات المفتوحة.
directory-visibility-hint-cleared = المخوّلون لأحد أنواع الحالات أدناه.
directory-visibility-hint-named = المذكورون أدناه فقط، ومن يتولى بيانات خدمات منظمتك.
directory-cleared-types = أنواع الحالات التي يراها المخوّلون لها
directory-cleared-types-hint = لخدمة مخفية عن غير المخوّلين.
directory-viewers = أسماء المستخدمين
directory-viewers-hint = اسم في كل سطر، من أي منظمة.
directory-agreement = الاتفاق
directory-no-agreement = لا يوجد اتفاق بين منظمتك وهذه المنظمة.
directory-agreement-flagged = أماكن مخصصة مبدئيًا
directory-agreement-locked = أماكن محجوزة
directory-agreement-conditional-transfer = نقل مشروط
directory-agreement-new-line = بند تمويل جديد
directory-agreement-until = حتى { $date }
directory-agreement-open = بلا نهاية
directory-agreements-title = الاتفاقات
directory-agreements-lead = بين منظمتك وغيرها. لا يرى الاتفاق إلا طرفاه.
directory-agreements-none = لا توجد اتفاقات.
directory-agreements-none-next = تضيفها إدارة النظام، وتظهر خدمات الشركاء المتفق معهم أولًا.
directory-agreement-parties = من ← إلى
directory-agreement-kind = النوع
directory-agreement-places-head = الأماكن المتفق عليها
directory-agreement-dates = من – حتى
directory-agreement-new = اتفاق جديد
directory-agreement-with = مع
directory-agreement-add = إضافة الاتفاق
directory-agreement-added = تمت إضافة الاتفاق.
directory-agreement-end = إنهاء الاتفاق
directory-agreement-end-what = ينتهي اليوم. تستمر الإحالات المرسلة من قبل.
directory-agreement-ended = انتهى الاتفاق.
directory-tracking = متابعة الأشخاص
directory-tracking-yes = نعم
directory-tracking-no = لا
directory-tracking-field = مع متابعة الأشخاص
directory-tracking-hint = يتابع الطرفان كل شخص محال في هذا النظام.
directory-starts-on = يبدأ في
directory-ends-on = ينتهي في
directory-reason-age-no = مخصصة لأعمار { $ages }
directory-reason-age-yes = تناسب عمر الشخص ({ $ages })
directory-reason-age-unknown = مخصصة لأعمار { $ages }: يلزم السؤال عن عمر الشخص
directory-reason-sex-no = ليست لهذا الجنس
directory-reason-sex-yes = مخصصة لهذا الجنس
directory-reason-sex-unknown = ليست للجميع: لم يُسجَّل جنس الشخص
directory-reason-accepting = تستقبل الآن
directory-reason-not-accepting = لا تستقبل أحدًا حاليًا
directory-reason-near = تقع في { $area }
directory-reason-far = تقع في مكان آخر: { $area }
directory-reason-no-place = بلا مكان ثابت: يلزم السؤال عن كيفية الوصول إليها
directory-reason-full = لا أماكن شاغرة
directory-reason-places-unknown = الأماكن الشاغرة غير معروفة
directory-reason-no-wait = بلا انتظار
directory-reason-language-yes = تتحدث لغة الشخص
directory-reason-language-no = لا تتحدث لغة الشخص
directory-reason-language-unknown = اللغات غير معروفة
directory-reason-agreement = لديها اتفاق معنا
directory-reason-approval = تتطلب موافقة إدارية أولًا
directory-lang-ar = العربية
directory-lang-en = الإنجليزية
directory-lang-fr = الفرنسية
directory-lang-es = الإسبانية
directory-lang-ku = الكردية
directory-lang-fa = الفارسية
directory-lang-ps = البشتو
directory-lang-so = الصومالية
directory-lang-am = الأمهرية
directory-lang-ti = التغرينية
directory-lang-uk = الأوكرانية
directory-lang-tr = التركية
directory-reason-places = أماكن شاغرة: { $count }
directory-reason-wait = مدة الانتظار بالأيام: { $count }
directory-count = { $count ->
    [zero] لا خدمات
    [one] خدمة واحدة
    [two] خدمتان
    [few] { $count } خدمات
    [many] { $count } خدمة
   *[other] { $count } خدمة
}
directory-places-free = { $count ->
    [zero] لا أماكن شاغرة
    [one] مكان شاغر واحد
    [two] مكانان شاغران
    [few] { $count } أماكن شاغرة
    [many] { $count } مكانًا شاغرًا
   *[other] { $count } مكان شاغر
}
directory-wait = { $count ->
    [zero] دون انتظار
    [one] انتظار يوم واحد
    [two] انتظار يومين
    [few] انتظار { $count } أيام
    [many] انتظار { $count } يومًا
   *[other] انتظار { $count } يوم
}
directory-agreement-places = { $count ->
    [zero] لا أماكن
    [one] مكان واحد
    [two] مكانان
    [few] { $count } أماكن
    [many] { $count } مكانًا
   *[other] { $count } مكان
}
directory-viewers-others = { $count ->
    [one] ومستخدم واحد من منظمة أخرى مذكور أيضًا.
    [two] ومستخدمان من منظمات أخرى مذكوران أيضًا.
    [few] و{ $count } مستخدمين من منظمات أخرى مذكورون أيضًا.
    [many] و{ $count } مستخدمًا من منظمات أخرى مذكورون أيضًا.
   *[other] و{ $count } مستخدم من منظمات أخرى مذكورون أيضًا.
}
error-ages-crossed = العمر الأعلى أقل من العمر الأدنى.
error-more-than-capacity = الأماكن الشاغرة أكثر من مجموع الأماكن.
error-not-a-web-address = يُرجى كتابة عنوان يبدأ بـ https://.
error-not-hours = يُرجى كتابة الأوقات مثل 09:00-13:00.
error-unknown-user = أحد أسماء المستخدمين هذه غير موجود.
error-ends-before-it-starts = تاريخ النهاية قبل تاريخ البداية.
directory-reason-declined = سبق أن رفضت هذا الشخص
directory-reason-answers = تجيب عادةً خلال أيام: { $count }
