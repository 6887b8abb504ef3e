/** One line of an invented dialogue: seconds since the one before, who speaks, what is said. */
export type Line = readonly [gap: number, who: "doctor" | "patient" | "system", text: string];

export type Dialogue = {
  /** What the doctor wrote at the end; null where nothing was written. */
  notes: string | null;
  lines: readonly Line[];
};

/** Every person, word and illness in here is invented. */
export const dialogues = {
  pressureEarlier: {
    notes:
      "Home readings 150–160 / 95. Ramipril raised to 5 mg. Potassium and creatinine in two weeks. Back in six weeks with a diary.",
    lines: [
      [0, "doctor", "Good morning, Ms Okafor. How have the readings been since we last spoke?"],
      [
        41,
        "patient",
        "Good morning doctor. Still high I think. 158/96 on Monday, 151/94 yesterday.",
      ],
      [22, "patient", "I always measure after breakfast, sitting down."],
      [
        35,
        "doctor",
        "That is exactly right. Any cough, dizziness or swelling since you began the tablets?",
      ],
      [28, "patient", "No cough. A bit dizzy when I get up too fast, that’s all."],
      [
        64,
        "doctor",
        "Then we go up to 5 mg, in the evening. Please stand up slowly for the first week, and have your potassium checked in two weeks. I send the form to the practice near you.",
      ],
      [19, "patient", "Thank you 🙏 I will keep the diary."],
    ],
  },
  pressureToday: {
    notes: null,
    lines: [
      [0, "doctor", "Good morning, Ms Okafor. You are through to me, take your time."],
      [27, "patient", "Good morning! I have the diary here, six weeks of it"],
      [14, "patient", "The last seven: 136/84, 139/86, 133/82, 141/88, 135/85, 132/80, 137/84"],
      [38, "doctor", "That is a clear step down. Do you still feel dizzy when you stand up?"],
      [21, "patient", "Not any more, only the first few days."],
      [17, "patient", "But my ankles are a bit thick in the evening. Is that the tablet?"],
      [
        52,
        "doctor",
        "Ramipril rarely does that. Is it both sides, and does it go down over night? Any breathlessness lying flat?",
      ],
      [
        33,
        "patient",
        "Both sides, gone in the morning. No breathlessness, I sleep with one pillow as always.",
      ],
    ],
  },
  cough: {
    notes:
      "Viral bronchitis, day 6, afebrile, no red flags. Fluids, honey, rest. To call again with fever over 38.5, blood, or breathlessness.",
    lines: [
      [0, "doctor", "Hei Søren, how is the cough?"],
      [18, "patient", "Still there. Dry, mostly at night. Yellow in the morning."],
      [30, "doctor", "Any fever, pain when you breathe in, blood?"],
      [12, "patient", "No fever since Sunday. No blood. Ribs are sore from coughing 😅"],
      [
        47,
        "doctor",
        "That fits a viral bronchitis on its way out; it may last three weeks. Antibiotics would not help. Honey in warm tea before bed, and call me at once with fever above 38.5 or if breathing gets hard.",
      ],
      [15, "patient", "OK. Can I go to work?"],
      [20, "doctor", "From Thursday, if the nights are quiet. I write you a note until Wednesday."],
      [9, "patient", "Tusen takk!"],
    ],
  },
  arabic: {
    notes:
      "Migraine without aura, about four days a month. Sumatriptan 50 mg as needed, diary, control in eight weeks.",
    lines: [
      [0, "patient", "صباح الخير دكتورة، الصداع رجع مرة أخرى منذ يومين"],
      [31, "doctor", "صباح النور سيدة ليلى. هل الألم في جهة واحدة من الرأس؟ وهل يزعجك الضوء؟"],
      [26, "patient", "نعم، في الجهة اليسرى، والضوء يزعجني كثيراً مع غثيان 🤢"],
      [22, "patient", "أخذت Ibuprofen 400 mg مرتين ولم يساعد"],
      [
        58,
        "doctor",
        "سأصف لك Sumatriptan 50 mg. خذي حبة واحدة عند بداية النوبة، ولا تأخذي أكثر من حبتين خلال 24 ساعة.",
      ],
      [17, "patient", "شكراً جزيلاً"],
    ],
  },
  chinese: {
    notes: "Type 2 diabetes, HbA1c 6.9 % (7.8 % in spring). Metformin unchanged. Eye check due.",
    lines: [
      [0, "patient", "医生您好,我的化验结果出来了吗?"],
      [24, "doctor", "您好,出来了。糖化血红蛋白 6.9%,比春天的 7.8% 好了很多。"],
      [13, "patient", "太好了!我每天晚饭后走一个小时 🚶‍♀️"],
      [40, "doctor", "非常好,请继续。二甲双胍剂量不变。今年还没有检查眼底,请预约一次。"],
      [16, "patient", "好的,我下周去。谢谢医生!"],
    ],
  },
  allergy: {
    notes: "Seasonal allergy, well on cetirizine. Nasal steroid added for the nights.",
    lines: [
      [0, "patient", "Hi doctor 👋 the sneezing is driving me crazy 🤧🤧🤧"],
      [20, "doctor", "Hello Priya. Is the cetirizine doing anything?"],
      [11, "patient", "Days are ok 👍 nights are not 👎"],
      [9, "patient", "😭"],
      [
        45,
        "doctor",
        "Then we add a nasal spray at bedtime, one puff each side. It needs a week to work.",
      ],
      [8, "patient", "👨‍👩‍👧 kids will be happy too, I keep everyone awake"],
      [14, "patient", "thx!!"],
    ],
  },
  wound: {
    notes: "Sutures out, wound dry and closed. No further control.",
    lines: [
      [0, "doctor", "Доброго дня, пані Олено. Як загоюється рука?"],
      [25, "patient", "Доброго дня! Вже не болить, почервоніння зникло. Шви зняли у п’ятницю."],
      [33, "doctor", "Дуже добре. Ще тиждень без важкого, потім усе можна."],
      [12, "patient", "Щиро дякую, лікарко!"],
    ],
  },
  back: {
    notes: null,
    lines: [
      [
        0,
        "doctor",
        "Good morning. I have read your form: lower back pain since the move, eight days now?",
      ],
      [
        75,
        "patient",
        "Yes. It began when I lifted the washing machine with my brother-in-law; he let go first, naturally. Since then it pulls from the belt down to the right knee when I bend, it is worst in the morning for about half an hour, and by the evening I can hardly sit through the news. I have taken paracetamol, three a day, and my neighbour’s ointment, which smells of horses but does help a little.",
      ],
      [30, "doctor", "Any numbness between the legs, or trouble holding water?"],
      [12, "patient", "No, nothing like that, thank God."],
      [
        41,
        "doctor",
        "Good. Then please stay in motion, walk twice a day, warmth is fine. If a foot gets weak or numb, go to the emergency department, do not wait for me.",
      ],
      [5, "system", "The doctor has paused the consultation."],
    ],
  },
  dropped: {
    notes: null,
    lines: [
      [0, "doctor", "Boa tarde, João. Can you read me?"],
      [90, "doctor", "I am still here. If the connection drops, just open the page again."],
    ],
  },
} as const satisfies Record<string, Dialogue>;

export type DialogueName = keyof typeof dialogues;
