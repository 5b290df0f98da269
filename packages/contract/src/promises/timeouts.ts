import { judgement, type MeshPromise } from './promise.ts'
import { failedAs, slowerThan } from './traffic.ts'

/** Fewer slow calls give no verdict. */
const ENOUGH_SLOW = 5

export const timeouts: MeshPromise = {
  id: 'timeouts',
  title: { en: 'Timeouts', es: 'Límites de tiempo' },
  claim: {
    en: 'A call that takes longer than the route allows is ended by the caller’s proxy, at that time.',
    es: 'El proxy del llamante termina, en ese momento, una llamada que tarda más de lo que permite la ruta.',
  },
  off: {
    en: 'Slow calls get their answer after two seconds.',
    es: 'Las llamadas lentas reciben su respuesta a los dos segundos.',
  },
  on: {
    en: 'Slow calls end after 500 ms with 504 from the mesh.',
    es: 'Las llamadas lentas terminan a los 500 ms con un 504 de la malla.',
  },
  switchOn: 'kubectl apply -k k8s/features/timeouts',
  switchOff: 'kubectl delete -k k8s/features/timeouts',
  tryWith: { rate: 10, fault: 'delay;ms=2000' },
  judge(traffic) {
    const cut = failedAs(traffic, /^504 mesh outbound/)
    // A 504 that comes well before 500 ms has another cause.
    const late = slowerThan(traffic, 400)
    const slow = slowerThan(traffic, 750)
    const figures = { cut, slow }
    if (cut >= ENOUGH_SLOW && late >= 0.9 * cut && slow <= 0.05 * cut) {
      return judgement(
        'looks-on',
        'The consumer’s proxy ended {cut} calls with 504 after about 500 ms; {slow} calls took longer than 750 ms. Expected: 500 ms.',
        'El proxy del consumidor terminó {cut} llamadas con 504 a los 500 ms; {slow} tardaron más de 750 ms. Esperado: 500 ms.',
        figures,
      )
    }
    if (slow >= ENOUGH_SLOW && cut === 0) {
      return judgement(
        'looks-off',
        '{slow} calls took longer than 750 ms, and the consumer’s proxy ended none of them. Expected: 500 ms.',
        '{slow} llamadas tardaron más de 750 ms, y el proxy del consumidor no terminó ninguna. Esperado: 500 ms.',
        figures,
      )
    }
    return judgement(
      'cannot-tell',
      '{slow} calls took longer than 750 ms, and the consumer’s proxy ended {cut} with 504. Send slow calls to see the timeout.',
      '{slow} llamadas tardaron más de 750 ms, y el proxy del consumidor terminó {cut} con 504. Envíe llamadas lentas para ver el límite.',
      figures,
    )
  },
}
