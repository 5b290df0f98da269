import 'uplot/dist/uPlot.min.css'
import './styles/index.css'
import { render } from 'preact'
import { App } from './components/app.tsx'
import { Store } from './store.ts'

const page = document.getElementById('page')
if (page === null) throw new Error('index.html has no element with the id page')
const store = new Store(window.innerWidth < 700 ? 144 : 264)
store.connect()
render(<App store={store} />, page)
